# needs: numpy pandas sklearn joblib
"""Cross-validation over processes and threads inside of a step, a column transformer over a frame, and a search."""

import numpy as np
import pandas as pd
from metaflow import FlowSpec, step
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler


class SklearnJobs(FlowSpec):
    @step
    def start(self):
        random = np.random.default_rng(0)
        self.houses = pd.DataFrame({"size": random.uniform(30, 200, 600), "city": random.choice(["a", "b", "c"], 600)})
        self.houses.loc[::50, "size"] = np.nan
        self.price = self.houses["size"].fillna(100) * 3 + (self.houses["city"] == "a") * 50 + random.normal(0, 5, 600)
        self.next(self.search, self.validate)

    @step
    def search(self):
        numbers = Pipeline([("fill", SimpleImputer()), ("scale", StandardScaler())])
        columns = ColumnTransformer([("n", numbers, ["size"]), ("c", OneHotEncoder(), ["city"])])
        self.search_result = GridSearchCV(
            Pipeline([("columns", columns), ("model", Ridge())]), {"model__alpha": [0.1, 1, 10]}, n_jobs=2
        ).fit(self.houses, self.price)
        self.next(self.join)

    @step
    def validate(self):
        x = self.houses[["size"]].to_numpy()
        self.scores = cross_val_score(HistGradientBoostingRegressor(max_iter=30), x, self.price, cv=3, n_jobs=2)
        self.next(self.join)

    @step
    def join(self, inputs):
        self.merge_artifacts(inputs)
        self.next(self.end)

    @step
    def end(self):
        assert self.search_result.best_score_ > 0.8, self.search_result.best_score_
        assert len(self.scores) == 3 and self.scores.min() > 0.6, self.scores
        again = self.search_result.predict(self.houses)
        assert np.array_equal(again, self.search_result.best_estimator_.predict(self.houses))


if __name__ == "__main__":
    SklearnJobs()
