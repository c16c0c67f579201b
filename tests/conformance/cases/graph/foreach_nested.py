"""Nested foreaches and their stack.

"The index of the task for that level of the loop. The number of splits for that level of the loop. The value for that
level of the loop." (FlowSpec.foreach_stack)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class ForeachNestedFlow(FlowSpec):
    @step
    def start(self):
        self.outer = ["a", "b"]
        self.next(self.nest, foreach="outer")

    @step
    def nest(self):
        self.inner = [self.input + "1", self.input + "2"]
        self.next(self.work, foreach="inner")

    @step
    def work(self):
        self.stack = self.foreach_stack()
        self.where = (self.index, self.input)
        print(self)
        self.next(self.join_inner)

    @step
    def join_inner(self, inputs):
        self.seen = [i.where for i in inputs]
        self.mine = self.index
        self.next(self.join_outer)

    @step
    def join_outer(self, inputs):
        self.seen = [i.seen for i in inputs]
        self.mine = (self.index, self.input, self.foreach_stack())
        self.next(self.end)

    @step
    def end(self):
        print(self.seen, self.mine)


if __name__ == "__main__":
    ForeachNestedFlow()
