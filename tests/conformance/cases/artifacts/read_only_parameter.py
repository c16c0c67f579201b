"""A parameter cannot be set.

"Parameter variables are automatically available in all steps" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, Parameter, step


class ReadOnlyParameterFlow(FlowSpec):
    alpha = Parameter("alpha", default=1)

    @step
    def start(self):
        self.alpha = 2
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    ReadOnlyParameterFlow()
