"""A foreach over one item still is a foreach.

"A task will be launched for each value in the iterator" (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class ForeachOneFlow(FlowSpec):
    @step
    def start(self):
        self.items = [None]
        self.next(self.a, foreach="items")

    @step
    def a(self):
        print(self.index, self.input, self)
        self.next(self.join)

    @step
    def join(self, inputs):
        print(len(list(inputs)), inputs[0].index, inputs[0].input)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    ForeachOneFlow()
