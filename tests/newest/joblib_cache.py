# needs: numpy joblib
"""joblib inside of steps: processes, threads, a cache on disk, a dumped file as an artifact."""

import io
import math

import joblib
import numpy as np
from metaflow import FlowSpec, step


def square(x):
    return x * x


class JoblibCache(FlowSpec):
    @step
    def start(self):
        self.by_processes = joblib.Parallel(n_jobs=2)(joblib.delayed(square)(i) for i in range(50))
        self.by_threads = joblib.Parallel(n_jobs=2, prefer="threads")(joblib.delayed(math.sqrt)(i * i) for i in range(50))
        self.next(self.cached)

    @step
    def cached(self):
        memory = joblib.Memory("cache", verbose=0)
        slow = memory.cache(square)
        self.values = [slow(i) for i in (3, 4, 3)]
        self.next(self.dumped)

    @step
    def dumped(self):
        file = io.BytesIO()
        joblib.dump({"weights": np.arange(10_000.0), "name": "m"}, file, compress=3)
        self.file = file.getvalue()
        # Large arrays reach joblib's workers as memory maps; here from an artifact that is one itself.
        self.large = np.ones((400, 1000))
        self.next(self.end)

    @step
    def end(self):
        assert self.by_processes == [i * i for i in range(50)] and self.by_threads == list(map(float, range(50)))
        assert self.values == [9, 16, 9]
        assert joblib.load(io.BytesIO(self.file))["weights"].sum() == 9999 * 5000
        sums = joblib.Parallel(n_jobs=2, max_nbytes=1000)(joblib.delayed(np.sum)(self.large[i::4]) for i in range(4))
        assert sums == [100_000.0] * 4
        assert joblib.hash(self.large) == joblib.hash(np.ones((400, 1000)))


if __name__ == "__main__":
    JoblibCache()
