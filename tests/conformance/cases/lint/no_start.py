"""A flow without a start.

"every flow needs a step called `start` and a step called `end`." (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class NoStartFlow(FlowSpec):
    @step
    def a(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    NoStartFlow()
