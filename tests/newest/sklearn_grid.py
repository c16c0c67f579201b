# needs: numpy pandas sklearn
"""A grid of models in a foreach, the best one chosen in a join and used in another step."""

import numpy as np
from metaflow import FlowSpec, Parameter, step
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


class SklearnGrid(FlowSpec):
    seed = Parameter("seed", default=3)

    @step
    def start(self):
        x, y = make_classification(1500, 12, n_informative=6, random_state=self.seed)
        self.x, self.x_test, self.y, self.y_test = train_test_split(x, y, random_state=self.seed)
        self.models = {
            "logistic": make_pipeline(StandardScaler(), LogisticRegression()),
            "forest": RandomForestClassifier(40, random_state=self.seed, n_jobs=2),
            "svc": make_pipeline(StandardScaler(), SVC()),
        }
        self.names = list(self.models)
        self.next(self.fit, foreach="names")

    @step
    def fit(self):
        self.model = self.models[self.input].fit(self.x, self.y)
        self.guesses = self.model.predict(self.x_test)
        self.score = accuracy_score(self.y_test, self.guesses)
        self.next(self.choose)

    @step
    def choose(self, inputs):
        best = max(inputs, key=lambda i: i.score)
        self.model, self.score, self.guesses = best.model, best.score, best.guesses
        self.merge_artifacts(inputs, include=["x_test", "y_test"])
        self.next(self.end)

    @step
    def end(self):
        assert self.score > 0.8, self.score
        assert np.array_equal(self.model.predict(self.x_test), self.guesses)


if __name__ == "__main__":
    SklearnGrid()
