"""A branch that ends in one of several steps is called by the step it ended in.

"the join step can refer to a specific step in the branch, like `inputs.a.x`" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class SwitchInBranchFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.choose, self.plain)

    @step
    def choose(self):
        self.way = "left"
        self.next({"left": self.left, "right": self.right}, condition="way")

    @step
    def left(self):
        self.x = "left"
        self.next(self.join)

    @step
    def right(self):
        self.x = "right"
        self.next(self.join)

    @step
    def plain(self):
        self.x = "plain"
        self.next(self.join)

    @step
    def join(self, inputs):
        print(inputs.left.x, inputs.plain.x, hasattr(inputs, "right"))
        self.xs = sorted(i.x for i in inputs)
        self.next(self.end)

    @step
    def end(self):
        print(self.xs)


if __name__ == "__main__":
    SwitchInBranchFlow()
