"""Equal values of every kind merge, whatever objects they are.

"it is the value of the artifact that matters when determining whether an artifact is ambiguous" (Creating Flows)

$ python flow.py run
"""

import numpy
from metaflow import FlowSpec, step


class Thing:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return "Thing(%d)" % self.n


class MergeForeachKindsFlow(FlowSpec):
    @step
    def start(self):
        self.items = [1, 2]
        self.thing = Thing(0)
        self.touched = {"a": [1, 2]}
        self.next(self.a, foreach="items")

    @step
    def a(self):
        self.number = 7
        self.nested = {"k": [1, (2, 3)], "none": None}
        self.array = numpy.arange(5)
        self.own = Thing(4)
        self.thing.n
        self.touched["a"].count(1)
        self.next(self.join)

    @step
    def join(self, inputs):
        self.merge_artifacts(inputs)
        print(self.number, self.nested, self.array, self.own, self.thing, self.touched)
        self.next(self.end)

    @step
    def end(self):
        print(self.items)


if __name__ == "__main__":
    MergeForeachKindsFlow()
