"""A step that calls the one it overrides.

"Individual flows in the project then inherit from `BaseFlow`" (The BaseFlow Pattern)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class Base(FlowSpec):
    def prepare(self):
        self.prepared = ["base"]

    @step
    def start(self):
        self.prepare()
        self.next(self.end)

    @step
    def end(self):
        print(self.prepared)


class SuperStepFlow(Base):
    def prepare(self):
        super().prepare()
        self.prepared.append("derived")


if __name__ == "__main__":
    SuperStepFlow()
