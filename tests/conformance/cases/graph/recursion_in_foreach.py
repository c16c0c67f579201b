"""Recursion inside of a foreach, each item as often as it needs.

"The value of the condition variable determines which step to execute." (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class RecursionInForeachFlow(FlowSpec):
    @step
    def start(self):
        self.items = [1, 2]
        self.next(self.prepare, foreach="items")

    @step
    def prepare(self):
        self.left = self.input
        self.next(self.count)

    @step
    def count(self):
        self.left -= 1
        self.state = "more" if self.left else "done"
        self.next({"more": self.count, "done": self.finish}, condition="state")

    @step
    def finish(self):
        print("item", self.input, self.index)
        self.next(self.join)

    @step
    def join(self, inputs):
        self.states = [i.state for i in inputs]
        self.next(self.end)

    @step
    def end(self):
        print(self.states)


if __name__ == "__main__":
    RecursionInForeachFlow()
