"""A foreach over nothing fails.

"A task will be launched for each value in the iterator" (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class ForeachNothingFlow(FlowSpec):
    @step
    def start(self):
        self.items = []
        self.next(self.a, foreach="items")

    @step
    def a(self):
        self.next(self.join)

    @step
    def join(self, inputs):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    ForeachNothingFlow()
