"""The cases of a switch are written in another order: what was chosen stays chosen.

$ BOO=1 python flow.py run
$ sed -i 's/{"a": self.a, "b": self.b, "c": self.c}/{"c": self.c, "b": self.b, "a": self.a}/' flow.py && python flow.py resume
"""

import os

from metaflow import FlowSpec, step


class SwitchReorderedFlow(FlowSpec):
    @step
    def start(self):
        self.mode = "b"
        self.next({"a": self.a, "b": self.b, "c": self.c}, condition="mode")

    @step
    def a(self):
        self.took = "a"
        self.next(self.work)

    @step
    def b(self):
        self.took = "b"
        self.next(self.work)

    @step
    def c(self):
        self.took = "c"
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
    SwitchReorderedFlow()
