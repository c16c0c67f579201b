"""Tables and series.

"they behave as any normal instance variables" (Creating Flows)

$ python flow.py run
"""

import pandas
from metaflow import FlowSpec, step


class PandasFlow(FlowSpec):
    @step
    def start(self):
        self.table = pandas.DataFrame({"n": [1, 2, 3], "x": [0.5, None, 2.0], "s": ["a", None, "c"]})
        self.indexed = self.table.set_index("s")
        self.series = pandas.Series([1, 2], name="v", index=["a", "b"])
        self.times = pandas.Series(pandas.to_datetime(["2020-01-01", "2021-06-01"]))
        self.kinds = pandas.Series(["u", "v", "u"], dtype="category")
        self.next(self.end)

    @step
    def end(self):
        self.table["n"] += 1
        self.table.loc[0, "x"] = 9.0
        self.means = self.table.groupby("n").x.mean().to_dict()
        print(self.means, list(self.kinds.cat.categories))


if __name__ == "__main__":
    PandasFlow()
