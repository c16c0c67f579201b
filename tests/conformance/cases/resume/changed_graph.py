"""A step was added since.

"You can add new steps and alter code of failed steps safely with `resume`" (Debugging Flows)

$ BOO=1 python flow.py run
$ sed -i 's/self.next(self.end)  # here/self.next(self.extra)/' flow.py && python flow.py resume
"""

import os

from metaflow import FlowSpec, step


class ChangedGraphFlow(FlowSpec):
    @step
    def start(self):
        self.x = 1
        self.go = "on"
        self.next({"on": self.work, "off": self.extra}, condition="go")

    @step
    def work(self):
        self.x += 1
        if "BOO" in os.environ:
            raise ValueError("boo")
        self.next(self.end)  # here

    @step
    def extra(self):
        self.x += 100
        self.next(self.end)

    @step
    def end(self):
        print(self.x)


if __name__ == "__main__":
    ChangedGraphFlow()
