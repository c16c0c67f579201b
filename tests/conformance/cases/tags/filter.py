"""Runs are found by their tags, newest first.

"This requires that all the tags listed, and the current namespace, are present in the object." (Organizing Results)

$ python flow.py run --tag a --n 1
$ python flow.py run --tag a --tag b --n 2
$ python -c "import flow; flow.client()"
"""

from metaflow import FlowSpec, Parameter, step


class FilterFlow(FlowSpec):
    n = Parameter("n", default=0)

    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        self.m = self.n


def client():
    from metaflow import Flow

    flow = Flow("FilterFlow")
    print([r.data.m for r in flow], [r.data.m for r in flow.runs("a")], [r.data.m for r in flow.runs("a", "b")])
    print(list(flow.runs("c")), flow.latest_run.data.m, flow.latest_successful_run.data.n)


if __name__ == "__main__":
    FilterFlow()
