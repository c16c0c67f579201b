# needs: numpy pandas sklearn xgboost
"""A classifier on a frame with categories and gaps, early stopping, and the model as bytes and as an object."""

import numpy as np
import pandas as pd
import xgboost as xgb
from metaflow import FlowSpec, retry, step


class XgboostFrame(FlowSpec):
    @step
    def start(self):
        random = np.random.default_rng(4)
        n = 1500
        self.people = pd.DataFrame({"age": random.integers(18, 90, n).astype(float), "city": pd.Categorical(random.choice(list("abc"), n))})
        self.people.loc[::40, "age"] = np.nan
        self.buys = ((self.people["age"].fillna(50) > 45) ^ (self.people["city"] == "c")).astype(int)
        self.next(self.fit)

    @retry(times=1)
    @step
    def fit(self):
        self.model = xgb.XGBClassifier(n_estimators=60, enable_categorical=True, early_stopping_rounds=5, n_jobs=2)
        cut = 1000
        self.model.fit(self.people[:cut], self.buys[:cut], eval_set=[(self.people[cut:], self.buys[cut:])], verbose=False)
        self.raw = bytes(self.model.get_booster().save_raw("ubj"))
        self.guesses = self.model.predict(self.people[cut:])
        self.next(self.end)

    @step
    def end(self):
        assert (self.guesses == self.buys[1000:]).mean() > 0.9
        assert np.array_equal(self.model.predict(self.people[1000:]), self.guesses)
        again = xgb.Booster()
        again.load_model(bytearray(self.raw))
        assert again.num_boosted_rounds() == self.model.get_booster().num_boosted_rounds()
        assert self.people["city"].cat.categories.tolist() == ["a", "b", "c"]


if __name__ == "__main__":
    XgboostFrame()
