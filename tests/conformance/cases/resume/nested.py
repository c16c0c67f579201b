"""A nested foreach that failed in one inner item.

"resuming reuses results of every successful step instead of actually running them." (Debugging Flows)

$ BOO=1 python flow.py run
$ python flow.py resume
"""

import os
import time

from metaflow import FlowSpec, step


class NestedFlow(FlowSpec):
    @step
    def start(self):
        self.xs = ["a", "b"]
        self.next(self.outer, foreach="xs")

    @step
    def outer(self):
        self.ys = [1, 2]
        self.next(self.inner, foreach="ys")

    @step
    def inner(self):
        self.v = self.foreach_stack()[0][2] + str(self.input)
        if self.v == "b2" and "BOO" in os.environ:
            time.sleep(4)
            raise ValueError("boo")
        self.next(self.join_inner)

    @step
    def join_inner(self, inputs):
        self.v = [i.v for i in inputs]
        self.next(self.join_outer)

    @step
    def join_outer(self, inputs):
        self.v = [i.v for i in inputs]
        self.next(self.end)

    @step
    def end(self):
        print(self.v)


if __name__ == "__main__":
    NestedFlow()
