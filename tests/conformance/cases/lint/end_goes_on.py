"""The end does not go on.

"This statement should appear as the last statement of each step, except the end step." (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class EndGoesOnFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.a)

    @step
    def a(self):
        self.next(self.end)

    @step
    def end(self):
        self.next(self.a)


if __name__ == "__main__":
    EndGoesOnFlow()
