"""A flow without an end.

"every flow needs a step called `start` and a step called `end`." (Creating Flows)

$ python flow.py run
$ python flow.py check
"""

from metaflow import FlowSpec, step


class NoEndFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.a)

    @step
    def a(self):
        pass


if __name__ == "__main__":
    NoEndFlow()
