# needs: numpy pandas pyarrow
"""Frames through files: parquet, CSV, JSON and pickle in a folder that is itself an artifact."""

import pathlib

import numpy as np
import pandas as pd
from metaflow import FlowSpec, step

from backlot import Folder


class PandasFiles(FlowSpec):
    @step
    def start(self):
        self.frame = pd.DataFrame({"n": np.arange(1000), "x": np.linspace(0, 1, 1000), "t": [f"t{i}" for i in range(1000)]})
        folder = pathlib.Path("written")
        folder.mkdir(exist_ok=True)
        self.frame.to_parquet(folder / "a.parquet")
        self.frame.to_csv(folder / "a.csv", index=False)
        self.frame.to_json(folder / "a.json", orient="records", double_precision=15)
        self.frame.to_pickle(folder / "a.pickle")
        self.files = Folder(folder)
        self.readers = {"parquet": pd.read_parquet, "csv": pd.read_csv, "json": pd.read_json, "pickle": pd.read_pickle}
        self.kinds = list(self.readers)
        self.next(self.read, foreach="kinds")

    @step
    def read(self):
        place = f"read-{self.input}"
        self.files.copy_to(place)
        self.found = self.readers[self.input](f"{place}/a.{self.input}")
        self.next(self.join)

    @step
    def join(self, inputs):
        self.found = {i.input: i.found for i in inputs}
        self.frame = inputs[0].frame
        self.next(self.end)

    @step
    def end(self):
        for kind, found in self.found.items():
            pd.testing.assert_frame_equal(found, self.frame, check_dtype=False, obj=kind)


if __name__ == "__main__":
    PandasFiles()
