"""An artifact may change its type from step to step.

"simply taking the value of that artifact at the end of the previous step." (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class OverwrittenFlow(FlowSpec):
    @step
    def start(self):
        self.x = 1
        self.x = "two"
        self.next(self.middle)

    @step
    def middle(self):
        self.x = [self.x]
        self.y = self.x
        self.next(self.end)

    @step
    def end(self):
        self.x.append(3)
        print(self.x, self.y)


if __name__ == "__main__":
    OverwrittenFlow()
