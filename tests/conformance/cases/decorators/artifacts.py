"""A decorator collects artifacts over steps and joins, and lends the steps an object that is not kept.

"A custom decorator can expose an API to user code via a temporary artifact." "Note that we use `hasattr` to see if the
artifact exists already, and we check the presence of `inputs` to merge timings in a join step" (Custom Decorators)

$ python flow.py run
"""

from collections import defaultdict

from metaflow import FlowSpec, current, step, user_step_decorator


class Trace:
    def __init__(self):
        self.words = []
        self.unpicklable = lambda: 0


@user_step_decorator
def collect(step_name, flow, inputs=None, attributes=None):
    flow.trace = trace = Trace()
    yield
    del flow.trace
    if not hasattr(flow, "found"):
        flow.found = defaultdict(list)
    if inputs:
        for i in inputs:
            for name, words in i.found.items():
                flow.found[name].extend(words)
    flow.found[step_name].extend(trace.words)
    flow.where = "/".join(current.pathspec.split("/")[::2]), current.is_running_flow, flow.index, flow.input


class ArtifactsFlow(FlowSpec):
    @collect
    @step
    def start(self):
        self.trace.words.append("began")
        self.items = ["a", "b"]
        self.next(self.each, foreach="items")

    @collect
    @step
    def each(self):
        self.trace.words.append(self.input)
        self.next(self.join)

    @collect
    @step
    def join(self, inputs):
        self.next(self.end)

    @collect
    @step
    def end(self):
        self.trace.words.append("ended")
        print(dict(self.found))


if __name__ == "__main__":
    ArtifactsFlow()
