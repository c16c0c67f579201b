"""One item failed: the others are kept.

"resuming reuses results of every successful step instead of actually running them." (Debugging Flows)

$ BOO=1 python flow.py run
$ python flow.py resume
"""

import os
import time

from metaflow import FlowSpec, step


class InForeachFlow(FlowSpec):
    @step
    def start(self):
        self.items = [1, 2, 3]
        self.next(self.a, foreach="items")

    @step
    def a(self):
        if self.input == 2 and "BOO" in os.environ:
            time.sleep(2)
            raise ValueError("boo")
        self.y = self.input + 1
        self.next(self.join)

    @step
    def join(self, inputs):
        self.ys = [i.y for i in inputs]
        self.next(self.end)

    @step
    def end(self):
        print(self.ys)


if __name__ == "__main__":
    InForeachFlow()
