"""self.next called twice.

"This statement should appear as the last statement of each step" (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class NextTwiceFlow(FlowSpec):
    @step
    def start(self):
        self.x = 1
        self.next(self.end)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    NextTwiceFlow()
