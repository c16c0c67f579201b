"""A flow whose module raises.

"You can execute Metaflow flows on the command line like any other Python scripts." (Creating Flows)

$ python flow.py run
$ BOO=1 python flow.py run
"""

import os

from metaflow import FlowSpec, step

if "BOO" in os.environ:
    raise RuntimeError("boo at import")


class InImportFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    InImportFlow()
