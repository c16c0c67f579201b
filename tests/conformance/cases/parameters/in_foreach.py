"""Parameters are seen in foreach, join and end, without being merged.

"Parameter variables are automatically available in all steps" (Creating Flows)

$ python flow.py run --scale 10
"""

from metaflow import FlowSpec, Parameter, step


class InForeachFlow(FlowSpec):
    scale = Parameter("scale", default=2)

    @step
    def start(self):
        self.items = [1, 2]
        self.next(self.a, foreach="items")

    @step
    def a(self):
        self.y = self.input * self.scale
        self.next(self.join)

    @step
    def join(self, inputs):
        self.y = [(i.y, i.scale) for i in inputs]
        print(self.scale)
        self.next(self.end)

    @step
    def end(self):
        print(self.y, self.scale)


if __name__ == "__main__":
    InForeachFlow()
