"""What Metaflow did: a file for each shape, a line for each feature."""

import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent / "recorded"


class Recordings:
    def __init__(self):
        self.shapes = {}

    def of(self, shape):
        """The forms of a shape by the name of the feature."""
        if shape not in self.shapes:
            path = HERE / f"{shape}.jsonl"
            lines = path.read_text().splitlines() if path.exists() else []
            self.shapes[shape] = dict(map(json.loads, lines))
        return self.shapes[shape]

    def find(self, shape, feature):
        return self.of(shape).get(feature)

    def keep(self, shape, feature, form):
        self.of(shape)[feature] = form
        HERE.mkdir(exist_ok=True)
        lines = [json.dumps(pair, separators=(",", ":")) for pair in sorted(self.of(shape).items())]
        (HERE / f"{shape}.jsonl").write_text("\n".join(lines) + "\n")
