"""A branch inside of a branch.

"you can nest branches arbitrarily, that is, you can branch inside a branch." (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class BranchNestedFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.a, self.b)

    @step
    def a(self):
        self.next(self.c, self.d)

    @step
    def c(self):
        self.v = "c"
        self.next(self.inner)

    @step
    def d(self):
        self.v = "d"
        self.next(self.inner)

    @step
    def inner(self, inputs):
        self.v = inputs.c.v + inputs.d.v
        self.next(self.outer)

    @step
    def b(self):
        self.v = "b"
        self.next(self.outer)

    @step
    def outer(self, inputs):
        self.v = sorted(i.v for i in inputs)
        print(inputs.inner.v, inputs.b.v)
        self.next(self.end)

    @step
    def end(self):
        print(self.v)


if __name__ == "__main__":
    BranchNestedFlow()
