"""A step that leaves Python fails, whatever the code is.

"a step either succeeds or fails as a whole." (Creating Flows)

$ HOW=0 python flow.py run
$ HOW=3 python flow.py run
$ HOW=text python flow.py run
"""

import os
import sys

from metaflow import FlowSpec, step


class SysExitFlow(FlowSpec):
    @step
    def start(self):
        how = os.environ["HOW"]
        sys.exit(int(how) if how.isdigit() else how)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    SysExitFlow()
