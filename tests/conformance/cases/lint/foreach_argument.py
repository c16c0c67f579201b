"""foreach= takes a name.

"The `foreach` argument takes a string that is the name of a list stored in an instance variable" (Creating Flows)

$ python flow.py run
$ sed -i 's/foreach=self.items/foreach=4/' flow.py && python flow.py run
"""

from metaflow import FlowSpec, step


class ForeachArgumentFlow(FlowSpec):
    @step
    def start(self):
        self.items = [1]
        self.next(self.a, foreach=self.items)

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
    ForeachArgumentFlow()
