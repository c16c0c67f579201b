"""A switch has become a plain step, and the run is resumed twice.

$ BOO=1 python flow.py run
$ sed -i 's/self.next({"b": self.b, "c": self.work}, condition="mode")/self.next(self.b)/' flow.py && BOO=1 python flow.py resume
$ python flow.py resume
"""

import os

from metaflow import FlowSpec, step


class SwitchGoneFlow(FlowSpec):
    @step
    def start(self):
        self.mode = "b"
        self.next({"b": self.b, "c": self.work}, condition="mode")

    @step
    def b(self):
        self.took = "b"
        self.next(self.work)

    @step
    def work(self):
        if "BOO" in os.environ:
            raise ValueError("boo")
        self.next(self.end)

    @step
    def end(self):
        print(self.mode, "took", self.took)


if __name__ == "__main__":
    SwitchGoneFlow()
