"""Values that are easily shown as others."""

import numpy
from metaflow import FlowSpec, Parameter, step


class Exact(FlowSpec):
    number = Parameter("number", type=int, default=9007199254740993)

    @step
    def start(self):
        self.odd = 9007199254740993
        self.unsigned = 12345678901234567890
        self.beyond = 2**70 + 1
        self.nothing = float("nan")
        self.zero = -0.0
        self.one = 1.0
        self.raw = b"\x00a"
        self.mixed = [9007199254740993, float("inf"), -0.0, "NaN", 1.0, {"$float": "no"}]
        self.ints = numpy.array([9007199254740993, -9223372036854775808])
        self.complex = numpy.array([[1 + 2j, complex("nan")]])
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    Exact()
