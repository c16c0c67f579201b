"""A run that failed in its first step is resumed.

"The `resume` command allows you to resume execution of a past run at a failed step." (Debugging Flows)

$ BOO=1 python flow.py run
$ python flow.py resume
"""

import os

from metaflow import FlowSpec, step


class AfterStartFlow(FlowSpec):
    @step
    def start(self):
        if "BOO" in os.environ:
            raise ValueError("boo")
        self.x = 1
        self.next(self.end)

    @step
    def end(self):
        print(self.x)


if __name__ == "__main__":
    AfterStartFlow()
