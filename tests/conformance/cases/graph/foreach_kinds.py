"""A foreach runs over whatever can be iterated over.

"`foreach_iterator` is a variable name in the current class that evaluates to an iterator." (FlowSpec.next)

$ KIND=tuple python flow.py run
$ KIND=range python flow.py run
$ KIND=text python flow.py run
$ KIND=dict python flow.py run
$ KIND=set python flow.py run
$ KIND=generator python flow.py run
$ KIND=number python flow.py run
"""

import os

from metaflow import FlowSpec, step


class ForeachKindsFlow(FlowSpec):
    @step
    def start(self):
        kind = os.environ["KIND"]
        self.items = {
            "tuple": (1, "b"),
            "range": range(3),
            "text": "abc",
            "dict": {0: "zero", 1: "one"},
            "set": {7},
            "number": 5,
        }.get(kind)
        if kind == "generator":
            self.items = (x for x in [1, 2])
        self.next(self.a, foreach="items")

    @step
    def a(self):
        self.x = self.input
        self.next(self.join)

    @step
    def join(self, inputs):
        self.xs = [i.x for i in inputs]
        self.next(self.end)

    @step
    def end(self):
        print(self.xs)


if __name__ == "__main__":
    ForeachKindsFlow()
