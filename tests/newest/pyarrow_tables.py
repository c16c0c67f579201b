# needs: numpy pyarrow pandas
"""Arrow's tables, nested columns, a dataset on disk, and its compute kernels."""

import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from metaflow import FlowSpec, step


class PyarrowTables(FlowSpec):
    @step
    def start(self):
        n = 20_000
        self.table = pa.table({
            "id": np.arange(n), "kind": pa.array([f"k{i % 5}" for i in range(n)]).dictionary_encode(),
            "tags": pa.array([["a"] * (i % 3) for i in range(n)]), "place": pa.array([{"x": i, "y": None} for i in range(n)]),
        })  # fmt: skip
        self.schema = self.table.schema
        folder = pathlib.Path("parquet")
        folder.mkdir(exist_ok=True)
        pq.write_table(self.table, folder / "part.parquet")
        self.raw = (folder / "part.parquet").read_bytes()
        self.kinds = [f"k{i}" for i in range(5)]
        self.next(self.count, foreach="kinds")

    @step
    def count(self):
        found = ds.dataset("parquet").to_table(filter=pc.field("kind") == self.input)
        self.rows, self.ids = found.num_rows, found["id"]
        self.next(self.join)

    @step
    def join(self, inputs):
        self.rows = [i.rows for i in inputs]
        self.sum = sum(pc.sum(i.ids).as_py() for i in inputs)
        self.merge_artifacts(inputs, include=["table", "schema", "raw"])
        self.next(self.end)

    @step
    def end(self):
        assert self.rows == [4000] * 5 and self.sum == 20_000 * 19_999 // 2
        assert self.table.schema == self.schema and self.table["tags"][2].as_py() == ["a", "a"]
        assert pq.read_table(pa.BufferReader(self.raw)).equals(self.table)
        assert self.table.to_pandas()["place"][3]["x"] == 3


if __name__ == "__main__":
    PyarrowTables()
