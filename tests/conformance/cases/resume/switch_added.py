"""A step that had finished has become a switch.

$ BOO=1 python flow.py run
$ sed -i 's/self.next(self.work)  # here/self.next({"b": self.extra, "c": self.work}, condition="mode")/' flow.py && python flow.py resume
"""

import os

from metaflow import FlowSpec, step


class SwitchAddedFlow(FlowSpec):
    @step
    def start(self):
        self.mode = "b"
        self.next({"a": self.extra, "b": self.plain}, condition="mode")

    @step
    def plain(self):
        self.seen = True
        self.next(self.work)  # here

    @step
    def extra(self):
        self.more = True
        self.next(self.work)

    @step
    def work(self):
        if "BOO" in os.environ:
            raise ValueError("boo")
        self.next(self.end)

    @step
    def end(self):
        print(hasattr(self, "more"))


if __name__ == "__main__":
    SwitchAddedFlow()
