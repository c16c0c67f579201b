"""The last step failed; a second resume goes back to the first run.

"it would be the id of the last invocation of `run` (successful or not)." (Organizing Results, on current)

$ BOO=1 python flow.py run
$ BOO=1 python flow.py resume
$ python flow.py resume
"""

import os

from metaflow import FlowSpec, current, step


class InEndFlow(FlowSpec):
    @step
    def start(self):
        self.x = 1
        print("origin", current.origin_run_id is not None)
        self.next(self.end)

    @step
    def end(self):
        print("origin", current.origin_run_id is not None)
        if "BOO" in os.environ:
            raise ValueError("boo")


if __name__ == "__main__":
    InEndFlow()
