"""A join begins with nothing but parameters.

"In a join step, however, the value of artifacts can potentially be set to different values on the incoming branches"
(Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, Parameter, step


class ScopeFlow(FlowSpec):
    alpha = Parameter("alpha", default=3)
    constant = "fixed"

    @step
    def start(self):
        self.before = 1
        self.next(self.a, self.b)

    @step
    def a(self):
        self.next(self.join)

    @step
    def b(self):
        self.next(self.join)

    @step
    def join(self, inputs):
        print(self.alpha, self.constant, hasattr(self, "before"))
        try:
            self.before
        except AttributeError as error:
            print(error)
        self.before = inputs[0].before + 1
        self.next(self.end)

    @step
    def end(self):
        print(self.before)


if __name__ == "__main__":
    ScopeFlow()
