"""A flow that fails between two tasks: its foreach has more items than are allowed."""

from metaflow import FlowSpec, step


class TooWide(FlowSpec):
    @step
    def start(self):
        self.items = list(range(200))
        self.next(self.work, foreach="items")

    @step
    def work(self):
        self.next(self.join)

    @step
    def join(self, inputs):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    TooWide()
