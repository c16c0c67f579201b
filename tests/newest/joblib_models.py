# needs: numpy sklearn joblib
"""Fifty models fitted by joblib inside of each task of a foreach, and kept as one artifact."""

import joblib
import numpy as np
from metaflow import FlowSpec, step
from sklearn.tree import DecisionTreeRegressor


def fit(x, y, seed):
    rows = np.random.default_rng(seed).integers(0, len(x), len(x))
    return DecisionTreeRegressor(max_depth=6, random_state=seed).fit(x[rows], y[rows])


class JoblibModels(FlowSpec):
    @step
    def start(self):
        self.x = np.random.default_rng(0).uniform(-3, 3, (20_000, 2))
        self.y = np.sin(self.x[:, 0]) + self.x[:, 1] ** 2
        self.ways = ["loky", "threading"]
        self.next(self.bag, foreach="ways")

    @step
    def bag(self):
        with joblib.parallel_config(backend=self.input, n_jobs=2):
            # The artifacts are memory maps already; joblib maps them again for its workers.
            self.models = joblib.Parallel()(joblib.delayed(fit)(self.x, self.y, seed) for seed in range(50))
            self.guesses = np.mean(joblib.Parallel(return_as="list")(joblib.delayed(m.predict)(self.x) for m in self.models), 0)
        self.next(self.join)

    @step
    def join(self, inputs):
        self.models, self.guesses = inputs[0].models, [i.guesses for i in inputs]
        self.merge_artifacts(inputs, include=["x", "y"])
        self.next(self.end)

    @step
    def end(self):
        assert np.array_equal(*self.guesses)
        assert np.array_equal(np.mean([m.predict(self.x) for m in self.models], 0), self.guesses[0])
        assert np.sqrt(np.mean((self.guesses[0] - self.y) ** 2)) < 0.8


if __name__ == "__main__":
    JoblibModels()
