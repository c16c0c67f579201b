"""self.next inside of an if is no last line.

"This statement should appear as the last statement of each step" (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class StepsInConditionsFlow(FlowSpec):
    @step
    def start(self):
        self.x = 1
        if self.x:
            self.next(self.a)
        else:
            self.next(self.end)

    @step
    def a(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    StepsInConditionsFlow()
