"""The shape of the statistics tutorial: pandas, a foreach over genres, a join.

"A foreach loop can iterate over any list" (Creating Flows)

$ python flow.py run --max-workers 2
$ python -c "import flow; flow.client()"
"""

import pandas
from metaflow import FlowSpec, step


class StatisticsFlow(FlowSpec):
    @step
    def start(self):
        self.frame = pandas.DataFrame(
            {"genre": ["a", "b", "a", "b", "a"], "gross": [1.0, 2.0, 3.0, 8.0, 5.0], "title": list("vwxyz")}
        )
        self.genres = sorted(self.frame.genre.unique())
        self.next(self.compute, foreach="genres")

    @step
    def compute(self):
        self.genre = self.input
        chosen = self.frame[self.frame.genre == self.genre].sort_values("gross", ascending=False)
        self.quartiles = chosen.gross.quantile([0.25, 0.5, 0.75]).values
        self.best = chosen.head(1)[["title", "gross"]]
        self.next(self.join)

    @step
    def join(self, inputs):
        self.stats = {i.genre: {"quartiles": i.quartiles, "best": i.best} for i in inputs}
        self.merge_artifacts(inputs, include=["frame"])
        self.next(self.end)

    @step
    def end(self):
        print({genre: list(s["quartiles"]) for genre, s in self.stats.items()})


def client():
    from metaflow import Flow

    run = Flow("StatisticsFlow").latest_successful_run
    print(run.data.stats["a"]["best"].to_dict("list"), len(run.data.frame), run["compute"].task.data.genre)


if __name__ == "__main__":
    StatisticsFlow()
