"""Only what failed, and what comes after, is run again.

"resuming reuses results of every successful step instead of actually running them." (Debugging Flows)

$ X=2fail python flow.py run
$ X=2 python flow.py resume
"""

import os

from metaflow import FlowSpec, step


class InBranchFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.a, self.b)

    @step
    def a(self):
        self.x = 1
        print("a runs")
        self.next(self.join)

    @step
    def b(self):
        self.x = int(os.environ["X"])
        self.next(self.join)

    @step
    def join(self, inputs):
        print("a is %s" % inputs.a.x)
        print("b is %s" % inputs.b.x)
        print("total is %d" % sum(input.x for input in inputs))
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    InBranchFlow()
