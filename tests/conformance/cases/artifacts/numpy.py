"""Arrays keep type, shape and what is in them, and can be changed.

"they behave as any normal instance variables" (Creating Flows)

$ python flow.py run
"""

import numpy
from metaflow import FlowSpec, step


class NumpyFlow(FlowSpec):
    @step
    def start(self):
        self.floats = numpy.linspace(0, 1, 5)
        self.ints = numpy.arange(6, dtype=numpy.int16).reshape(2, 3)
        self.fortran = numpy.asfortranarray(self.ints)
        self.part = self.ints[:, 1]
        self.bools, self.texts = numpy.array([True, False]), numpy.array(["a", "bc"])
        self.objects = numpy.array([None, {"a": 1}], dtype=object)
        self.empty, self.scalar, self.zero_d = numpy.zeros((0, 3)), numpy.float32(1.5), numpy.array(7)
        self.records = numpy.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")])
        self.dates = numpy.array(["2020-01-01"], dtype="datetime64[D]")
        self.inside = {"a": numpy.ones(2)}
        self.next(self.end)

    @step
    def end(self):
        self.floats += 1
        self.ints[0, 0] = 100
        self.inside["a"][0] = 5
        print(self.floats.flags.writeable, self.fortran.flags.f_contiguous, self.scalar.dtype, self.part)


if __name__ == "__main__":
    NumpyFlow()
