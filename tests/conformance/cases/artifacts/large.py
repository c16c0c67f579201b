"""Large values.

"without having to load and store data manually." (Creating Flows)

$ python flow.py run
"""

import numpy
from metaflow import FlowSpec, step


class LargeFlow(FlowSpec):
    @step
    def start(self):
        self.text = "abc" * 100_000
        self.raw = bytes(range(256)) * 4096
        self.list = list(range(50_000))
        self.array = numpy.arange(300_000.0)
        self.many = {str(i): i for i in range(5_000)}
        self.next(self.end)

    @step
    def end(self):
        self.sums = len(self.text), sum(self.list), float(self.array.sum()), len(self.many), len(self.raw)
        print(self.sums)
        del self.text, self.raw, self.list, self.array, self.many


if __name__ == "__main__":
    LargeFlow()
