"""A join that takes some branches of an outer split and all of an inner one.

"Just remember to join all the branches that you create." (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class UnrelatedJoinFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.a, self.b)

    @step
    def a(self):
        self.next(self.c, self.d)

    @step
    def b(self):
        self.next(self.join)

    @step
    def c(self):
        self.next(self.join)

    @step
    def d(self):
        self.next(self.join)

    @step
    def join(self, inputs):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    UnrelatedJoinFlow()
