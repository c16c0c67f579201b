# needs: polars numpy pandas pyarrow
"""polars, Arrow, pandas and NumPy hand one frame around; a lazy frame is an artifact."""

import numpy as np
import polars as pl
from metaflow import FlowSpec, step


class PolarsArrow(FlowSpec):
    @step
    def start(self):
        self.first = pl.DataFrame({"a": np.arange(5000), "b": np.arange(5000) / 3, "c": [None if i % 9 == 0 else f"s{i}" for i in range(5000)]})
        self.arrow = self.first.to_arrow()
        self.lazy = self.first.lazy().filter(pl.col("a") % 2 == 0).select(pl.col("b").sum())
        self.next(self.pandas)

    @step
    def pandas(self):
        self.frame = self.arrow.to_pandas()
        self.matrix = self.first.select("a", "b").to_numpy()
        self.sum = self.lazy.collect().item()
        self.next(self.end)

    @step
    def end(self):
        assert pl.from_pandas(self.frame).equals(self.first) and pl.from_arrow(self.arrow).equals(self.first)
        assert self.matrix.shape == (5000, 2) and self.matrix[:, 0].sum() == self.first["a"].sum()
        assert abs(self.sum - sum(i / 3 for i in range(0, 5000, 2))) < 1e-6
        assert self.first["c"].null_count() == self.frame["c"].isna().sum()


if __name__ == "__main__":
    PolarsArrow()
