# needs: numpy sklearn xgboost
"""Boosted trees, trained with threads in a foreach, with a booster and a scikit-learn model as artifacts."""

import numpy as np
import xgboost as xgb
from metaflow import FlowSpec, step
from sklearn.datasets import make_regression


class XgboostTrees(FlowSpec):
    @step
    def start(self):
        self.x, self.y = make_regression(2000, 8, noise=1, random_state=1)
        self.depths = [2, 4, 6]
        self.next(self.train, foreach="depths")

    @step
    def train(self):
        matrix = xgb.DMatrix(self.x, self.y)
        self.booster = xgb.train({"max_depth": self.input, "nthread": 2, "seed": 1}, matrix, num_boost_round=60)
        self.guesses = self.booster.predict(matrix)
        self.error = float(np.sqrt(np.mean((self.guesses - self.y) ** 2)))
        self.next(self.best)

    @step
    def best(self, inputs):
        least = min(inputs, key=lambda i: i.error)
        self.booster, self.error, self.guesses = least.booster, least.error, least.guesses
        self.merge_artifacts(inputs, include=["x", "y"])
        self.model = xgb.XGBRegressor(n_estimators=40, n_jobs=2).fit(self.x, self.y)
        self.first = self.model.predict(self.x)
        self.next(self.end)

    @step
    def end(self):
        assert self.error < self.y.std() / 4, self.error
        assert np.array_equal(self.booster.predict(xgb.DMatrix(self.x)), self.guesses)
        assert np.array_equal(self.model.predict(self.x), self.first)
        assert isinstance(self.model.get_booster(), xgb.Booster)


if __name__ == "__main__":
    XgboostTrees()
