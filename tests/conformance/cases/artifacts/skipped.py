"""Functions are not kept, methods and properties are no artifacts.

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
        def local():
            return 4

        self.x = 1
        self.f = lambda: 3
        self.g = local
        self.m = self.helper
        print(self.f(), self.g(), self.m(), self.double, self.helper(), self.fixed(), self.named())
        self.next(self.end)

    @step
    def end(self):
        print(hasattr(self, "f"), hasattr(self, "g"), hasattr(self, "m"))
        print(self.double, self.helper(), self.fixed(), self.named())


if __name__ == "__main__":
    SkippedFlow()
