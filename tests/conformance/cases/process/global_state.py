"""What a task does to its process is not seen by the next.

"Metaflow treats steps as indivisible units of execution." (Creating Flows)

$ python flow.py run
"""

import os
import random

from metaflow import FlowSpec, step

COUNTER = [0]


class GlobalStateFlow(FlowSpec):
    @step
    def start(self):
        COUNTER[0] += 1
        os.environ["LEFT"] = "x"
        os.mkdir("sub")
        os.chdir("sub")
        self._number = random.random()
        self.where = os.path.basename(os.getcwd())
        self.next(self.a, self.b)

    @step
    def a(self):
        self._draw = random.random()
        self.next(self.join)

    @step
    def b(self):
        self._draw = random.random()
        self.next(self.join)

    @step
    def join(self, inputs):
        self.same = inputs.a._draw == inputs.b._draw or inputs.a._number == inputs.a._draw
        self.next(self.end)

    @step
    def end(self):
        COUNTER[0] += 1
        print(COUNTER, "LEFT" in os.environ, os.path.basename(os.getcwd()) == "sub", self.same)
        del self.same


if __name__ == "__main__":
    GlobalStateFlow()
