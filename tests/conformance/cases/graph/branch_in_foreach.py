"""A split inside of a foreach: both branches see the item.

"You can nest foreaches and combine them with branches and linear steps arbitrarily." (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class BranchInForeachFlow(FlowSpec):
    @step
    def start(self):
        self.items = ["x", "y"]
        self.next(self.fan, foreach="items")

    @step
    def fan(self):
        self.next(self.left, self.right)

    @step
    def left(self):
        self.v = "left " + self.input
        print(self, self.index)
        self.next(self.meet)

    @step
    def right(self):
        self.v = "right " + self.input
        self.next(self.meet)

    @step
    def meet(self, inputs):
        self.v = [inputs.left.v, inputs.right.v, self.index]
        self.next(self.join)

    @step
    def join(self, inputs):
        self.v = [i.v for i in inputs]
        self.next(self.end)

    @step
    def end(self):
        print(self.v)


if __name__ == "__main__":
    BranchInForeachFlow()
