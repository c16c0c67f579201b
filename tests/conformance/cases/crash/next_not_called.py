"""A step that returns before its self.next.

"This statement should appear as the last statement of each step" (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class NextNotCalledFlow(FlowSpec):
    @step
    def start(self):
        self.x = 1
        if self.x:
            return
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    NextNotCalledFlow()
