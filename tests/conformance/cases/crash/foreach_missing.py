"""A foreach over an artifact that is not there.

"The `foreach` argument takes a string that is the name of a list stored in an instance variable" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class ForeachMissingFlow(FlowSpec):
    @step
    def start(self):
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
    ForeachMissingFlow()
