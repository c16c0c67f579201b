"""A foreach over an array and over a table's rows.

"A foreach loop can iterate over any list" (Creating Flows)

$ KIND=vector python flow.py run
$ KIND=matrix python flow.py run
$ KIND=rows python flow.py run
"""

import os

import numpy
import pandas
from metaflow import FlowSpec, step


class ForeachArraysFlow(FlowSpec):
    @step
    def start(self):
        table = pandas.DataFrame({"a": [1, 2], "b": ["x", "y"]})
        self.items = {
            "vector": numpy.array([1.5, 2.5]),
            "matrix": numpy.arange(4).reshape(2, 2),
            "rows": [row for _, row in table.iterrows()],
        }[os.environ["KIND"]]
        self.next(self.a, foreach="items")

    @step
    def a(self):
        self.x = self.input
        print(type(self.input).__name__)
        self.next(self.join)

    @step
    def join(self, inputs):
        self.xs = [str(i.x) for i in inputs]
        self.next(self.end)

    @step
    def end(self):
        print(self.xs)


if __name__ == "__main__":
    ForeachArraysFlow()
