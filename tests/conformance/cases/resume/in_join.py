"""A join failed.

"you can not inspect data that were manipulated within a step." (Creating Flows)

$ BOO=1 python flow.py run
$ python flow.py resume
"""

import os

from metaflow import FlowSpec, step


class InJoinFlow(FlowSpec):
    @step
    def start(self):
        self.items = [1, 2]
        self.next(self.a, foreach="items")

    @step
    def a(self):
        self.y = self.input + 1
        self.next(self.join)

    @step
    def join(self, inputs):
        self.ys = [i.y for i in inputs]
        if "BOO" in os.environ:
            raise ValueError("boo")
        self.next(self.end)

    @step
    def end(self):
        print(self.ys)


if __name__ == "__main__":
    InJoinFlow()
