# needs: polars numpy
"""polars: frames and series as artifacts, a lazy query in each task, its thread pool inside of steps."""

import datetime

import polars as pl
from metaflow import FlowSpec, step


class PolarsFrames(FlowSpec):
    @step
    def start(self):
        n = 30_000
        self.trips = pl.DataFrame({
            "city": [f"c{i % 4}" for i in range(n)], "km": [float(i % 100) for i in range(n)],
            "begin": [datetime.datetime(2024, 1, 1) + datetime.timedelta(minutes=i) for i in range(n)],
            "stops": [list(range(i % 3)) for i in range(n)],
        })  # fmt: skip
        self.cities = self.trips["city"].unique(maintain_order=True).to_list()
        self.next(self.mean, foreach="cities")

    @step
    def mean(self):
        query = self.trips.lazy().filter(pl.col("city") == self.input)
        self.found = query.group_by(pl.col("begin").dt.date().alias("day")).agg(pl.col("km").mean()).sort("day").collect()
        self.next(self.join)

    @step
    def join(self, inputs):
        self.all = pl.concat([i.found.with_columns(city=pl.lit(i.input)) for i in inputs])
        self.merge_artifacts(inputs, include=["trips"])
        self.next(self.end)

    @step
    def end(self):
        assert self.all["city"].unique().len() == 4 and self.trips.height == 30_000
        assert self.trips.schema["stops"] == pl.List(pl.Int64)
        expected = self.trips.group_by("city").agg(pl.col("km").mean()).sort("city")["km"]
        for mean, city in zip(expected, sorted(self.all["city"].unique())):
            assert abs(self.all.filter(pl.col("city") == city)["km"].mean() - mean) < 3


if __name__ == "__main__":
    PolarsFrames()
