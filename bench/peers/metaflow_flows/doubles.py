"""200 MB of random doubles as one artifact, saved in one step and read whole in the next."""
import numpy
from metaflow import FlowSpec, step


class Doubles(FlowSpec):
    @step
    def start(self):
        self.noise = numpy.random.default_rng(7).random(25_000_000)
        self.saved = float(self.noise.sum())
        self.next(self.end)

    @step
    def end(self):
        self.sum = float(self.noise.sum())
        self.lost = self.sum - self.saved


if __name__ == "__main__":
    Doubles()
