"""The last step does not join.

"every flow needs a step called `start` and a step called `end`." (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class EndIsJoinFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.a, self.b)

    @step
    def a(self):
        self.next(self.end)

    @step
    def b(self):
        self.next(self.end)

    @step
    def end(self, inputs):
        pass


if __name__ == "__main__":
    EndIsJoinFlow()
