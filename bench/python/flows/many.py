"""A thousand small artifacts in one task."""
from metaflow import FlowSpec, step


class Many(FlowSpec):
    @step
    def start(self):
        for i in range(1000):
            setattr(self, f"a{i}", i)
        self.answer = 1000
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    Many()
