"""A large array: made, kept or not, read, and left alone."""
import time

import numpy as np
from metaflow import FlowSpec, Parameter, step


class Arrays(FlowSpec):
    megabytes = Parameter("megabytes", default=200)
    keep = Parameter("keep", default=True)

    @step
    def start(self):
        array = np.random.default_rng(7).random(self.megabytes * 1_000_000 // 8)
        self.answer = float(array[0])
        if self.keep:
            self.array = array
        self.next(self.first)

    @step
    def first(self):
        """Reads one element."""
        if self.keep:
            began = time.perf_counter()
            self.answer = float(self.array[0])
            self.first_s = time.perf_counter() - began
        self.next(self.read)

    @step
    def read(self):
        """Reads them all and changes none."""
        if self.keep:
            self.sum = float(self.array.sum())
        self.ended = time.time()
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    Arrays()
