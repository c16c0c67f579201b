"""Three steps in a row that add up to `sum`."""
from metaflow import FlowSpec, step


class Linear(FlowSpec):
    @step
    def start(self):
        self.sum = 1
        self.next(self.middle)

    @step
    def middle(self):
        self.sum += 2
        self.next(self.end)

    @step
    def end(self):
        self.sum += 3


if __name__ == "__main__":
    Linear()
