"""A flow reads the results of another run through the client.

"If you use the Client API in your flows to access results of other flows" (Organizing Results)

$ python flow.py run --n 4
$ python flow.py run
"""

from metaflow import Flow, FlowSpec, Parameter, step


class InFlowFlow(FlowSpec):
    n = Parameter("n", default=0)

    @step
    def start(self):
        earlier = Flow("InFlowFlow").latest_successful_run
        self.total = self.n or (earlier.data.total + 1)
        self.next(self.end)

    @step
    def end(self):
        print("total", self.total)


if __name__ == "__main__":
    InFlowFlow()
