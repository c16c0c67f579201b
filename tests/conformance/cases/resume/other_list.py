"""A foreach runs over another artifact than in the run that failed.

$ BOO=1 python flow.py run
$ sed -i 's/foreach="few"/foreach="many"/' flow.py && python flow.py resume
"""

import os

from metaflow import FlowSpec, step


class OtherListFlow(FlowSpec):
    @step
    def start(self):
        self.few = [1, 2]
        self.many = [10, 20, 30]
        self.next(self.work, foreach="few")

    @step
    def work(self):
        self.y = self.input
        self.next(self.join)

    @step
    def join(self, inputs):
        if "BOO" in os.environ:
            raise ValueError("boo")
        self.ys = [i.y for i in inputs]
        self.next(self.end)

    @step
    def end(self):
        print(self.ys)


if __name__ == "__main__":
    OtherListFlow()
