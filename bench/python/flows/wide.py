"""A foreach of trivial tasks, and a join that sums them up. WIDE_IMPORTS: modules that the flow's file imports."""
import os
import time

from metaflow import FlowSpec, Parameter, step

for module in os.environ.get("WIDE_IMPORTS", "").split():
    __import__(module)


class Wide(FlowSpec):
    n = Parameter("n", default=10)

    @step
    def start(self):
        self.items = list(range(self.n))
        self.next(self.body, foreach="items")

    @step
    def body(self):
        self.x = self.input
        self.next(self.join)

    @step
    def join(self, inputs):
        if "WIDE_FAILS" in os.environ:
            raise RuntimeError("as asked")
        began = time.perf_counter()
        self.answer = sum(branch.x for branch in inputs)
        self.join_s = time.perf_counter() - began
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    Wide()
