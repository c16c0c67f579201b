"""A step that does not say where to go.

"This statement should appear as the last statement of each step, except the end step." (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class NoNextFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.a)

    @step
    def a(self):
        self.x = 1

    @step
    def end(self):
        pass


if __name__ == "__main__":
    NoNextFlow()
