"""The item of a join that stands inside of a foreach.

"This property returns the element passed to the current task." (FlowSpec.input)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class InputOfJoinFlow(FlowSpec):
    @step
    def start(self):
        self.outer = ["a", "b"]
        self.next(self.nest, foreach="outer")

    @step
    def nest(self):
        self.inner = [1]
        self.next(self.work, foreach="inner")

    @step
    def work(self):
        self.next(self.join_inner)

    @step
    def join_inner(self, inputs):
        self.mine = (self.index, self.input, self.foreach_stack())
        print(self)
        self.next(self.join_outer)

    @step
    def join_outer(self, inputs):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    InputOfJoinFlow()
