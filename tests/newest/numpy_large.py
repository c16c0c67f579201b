# needs: numpy
"""Large arrays: changed in place, sliced, in another memory order, structured, and linear algebra on what was loaded."""

import numpy as np
from metaflow import FlowSpec, step


class NumpyLarge(FlowSpec):
    @step
    def start(self):
        self.matrix = np.random.default_rng(0).normal(size=(1000, 1000))
        self.columns = np.asfortranarray(self.matrix)
        self.rows = np.zeros(1000, dtype=[("id", "i8"), ("name", "U8"), ("at", "M8[s]")])
        self.rows["id"] = np.arange(1000)
        self.names = np.array(["a", "bcd"], dtype=np.dtypes.StringDType()) if hasattr(np.dtypes, "StringDType") else None
        self.state = np.random.default_rng(5)
        self.sum = self.matrix.sum()
        self.next(self.change)

    @step
    def change(self):
        self.matrix[::100] = 0
        self.matrix *= 2
        self.view = self.matrix[:, :3]
        self.numbers = self.state.integers(0, 100, 5)
        self.next(self.end)

    @step
    def end(self):
        expected = np.random.default_rng(0).normal(size=(1000, 1000))
        assert np.array_equal(self.columns, expected) and self.columns.flags.f_contiguous
        expected[::100] = 0
        assert np.array_equal(self.matrix, expected * 2) and np.array_equal(self.view, expected[:, :3] * 2)
        q, r = np.linalg.qr(self.columns)
        assert np.allclose(q @ r, self.columns)
        assert self.rows["id"].sum() == 499_500 and str(self.rows.dtype["at"]) == "datetime64[s]"
        assert self.names is None or self.names.tolist() == ["a", "bcd"]
        assert np.array_equal(self.numbers, np.random.default_rng(5).integers(0, 100, 5))


if __name__ == "__main__":
    NumpyLarge()
