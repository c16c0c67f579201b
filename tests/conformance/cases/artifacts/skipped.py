"""Lambdas are not kept, methods and properties are no artifacts.

"Metaflow persists all instance variables that were created in the step code" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class SkippedFlow(FlowSpec):
    @property
    def double(self):
        return self.x * 2

    def helper(self):
        return self.x + 1

    @staticmethod
    def fixed():
        return 7

    @classmethod
    def named(cls):
        return cls.__name__

    @step
    def start(self):
        self.x = 1
        self.f = lambda: 3
        print(self.f(), self.double, self.helper(), self.fixed(), self.named())
        self.next(self.end)

    @step
    def end(self):
        print(hasattr(self, "f"), self.double, self.helper(), self.fixed(), self.named())


if __name__ == "__main__":
    SkippedFlow()
