"""A wide foreach.

"many parallel copies of steps inside a foreach loop are executed." (Creating Flows)

$ python flow.py run --max-num-splits 40 --max-workers 2
$ python flow.py run --max-num-splits 39 --max-workers 2
"""

from metaflow import FlowSpec, step


class ForeachWideFlow(FlowSpec):
    @step
    def start(self):
        self.items = list(range(40))
        self.next(self.a, foreach="items")

    @step
    def a(self):
        self.x = self.input**2
        self.next(self.join)

    @step
    def join(self, inputs):
        self.total = sum(i.x for i in inputs)
        self.in_order = [i.index for i in inputs] == list(range(40))
        self.next(self.end)

    @step
    def end(self):
        print(self.total, self.in_order)


if __name__ == "__main__":
    ForeachWideFlow()
