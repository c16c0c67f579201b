# needs: numpy pandas
"""Every kind of column and index that is there, kept, changed in place in one step, and unchanged in another."""

import numpy as np
import pandas as pd
from metaflow import FlowSpec, step


def frames():
    days = pd.date_range("2024-01-01", periods=4)
    return {
        "plain": pd.DataFrame({"a": [1, 2, 3, 4], "b": [0.5, 1.5, np.nan, 2.5]}),
        "texts": pd.DataFrame({"s": ["x", None, "z", "\u00e4"]}, index=pd.Index(list("abcd"), name="key")),
        "times": pd.DataFrame({"t": days, "z": days.tz_localize("Europe/Berlin"), "d": days - days[0]}, index=days),
        "category": pd.DataFrame({"c": pd.Categorical(["lo", "hi", "lo", None], ["lo", "hi"], ordered=True)}),
        "nullable": pd.DataFrame({"i": pd.array([1, None, 3, 4], "Int64"), "b": pd.array([True, None, False, True], "boolean")}),
        "levels": pd.DataFrame({"v": range(4)}, index=pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["k", "n"])),
        "columns": pd.DataFrame(np.arange(8.0).reshape(2, 4), columns=pd.MultiIndex.from_product([["x", "y"], [1, 2]])),
        "sparse": pd.DataFrame({"s": pd.arrays.SparseArray([0, 0, 1, 0])}),
        "intervals": pd.DataFrame({"i": pd.interval_range(0, 4)}),
    }


class PandasKinds(FlowSpec):
    @step
    def start(self):
        for name, frame in frames().items():
            setattr(self, name, frame)
        self.next(self.look, self.change)

    @step
    def look(self):
        for name, frame in frames().items():
            pd.testing.assert_frame_equal(getattr(self, name), frame, check_exact=True)
        self.next(self.join)

    @step
    def change(self):
        self.changed = self.plain.copy()
        self.changed.loc[0, "a"] = 100
        self.changed["c"] = self.changed["a"] * 2
        self.next(self.join)

    @step
    def join(self, inputs):
        self.merge_artifacts(inputs)
        self.next(self.end)

    @step
    def end(self):
        assert self.changed["c"].tolist() == [200, 4, 6, 8]
        for name, frame in frames().items():
            pd.testing.assert_frame_equal(getattr(self, name), frame, check_exact=True)


if __name__ == "__main__":
    PandasKinds()
