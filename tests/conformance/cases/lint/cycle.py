"""Steps that go in a circle.

"models a program as a directed graph of operations" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class CycleFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.a)

    @step
    def a(self):
        self.next(self.b)

    @step
    def b(self):
        self.go = "x"
        self.next({"x": self.a, "y": self.end}, condition="go")

    @step
    def end(self):
        pass


if __name__ == "__main__":
    CycleFlow()
