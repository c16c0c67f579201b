"""A step that raises fails the run; what it had assigned is kept.

"Metaflow stops execution of the flow when a step fails." (Dealing with Failures)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class ExceptionFlow(FlowSpec):
    @step
    def start(self):
        self.before = 1
        print("about to fail")
        self.fail(0)
        self.next(self.end)

    def fail(self, n):
        return 1 / n

    @step
    def end(self):
        print("never")


if __name__ == "__main__":
    ExceptionFlow()
