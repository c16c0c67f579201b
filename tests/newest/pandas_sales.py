# needs: numpy pandas
"""Sales by region: one table, a foreach over its groups, and a join that puts the results together."""

import numpy as np
import pandas as pd
from metaflow import FlowSpec, step


class PandasSales(FlowSpec):
    @step
    def start(self):
        random = np.random.default_rng(1)
        n = 50_000
        self.sales = pd.DataFrame({
            "region": random.choice(["north", "south", "west"], n), "day": pd.date_range("2024-01-01", periods=n, freq="min"),
            "price": random.uniform(1, 9, n), "count": random.integers(1, 5, n),
        })  # fmt: skip
        self.regions = sorted(self.sales["region"].unique().tolist())
        self.next(self.sum_up, foreach="regions")

    @step
    def sum_up(self):
        mine = self.sales[self.sales["region"] == self.input]
        self.monthly = (mine["price"] * mine["count"]).groupby(mine["day"].dt.to_period("M")).sum()
        self.summary = mine.describe(include="all")
        self.next(self.join)

    @step
    def join(self, inputs):
        self.merge_artifacts(inputs, include=["sales"])
        self.by_region = pd.concat({i.monthly.sum(): i.monthly for i in inputs}, names=["total", "month"])
        self.columns = [list(i.summary.columns) for i in inputs]
        self.next(self.end)

    @step
    def end(self):
        whole = (self.sales["price"] * self.sales["count"]).sum()
        assert np.isclose(self.by_region.sum(), whole)
        assert self.by_region.index.names == ["total", "month"]
        assert all(columns == ["region", "day", "price", "count"] for columns in self.columns)
        assert str(self.sales.dtypes["region"]) in ("str", "object")


if __name__ == "__main__":
    PandasSales()
