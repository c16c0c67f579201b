"""A join that fails is caught.

"the `catch` decorator catches the exception ... and lets the execution continue" (Dealing with Failures)

$ python flow.py run
"""

from metaflow import FlowSpec, catch, step


class CatchAtJoinFlow(FlowSpec):
    @step
    def start(self):
        self.items = [1, 2]
        self.next(self.a, foreach="items")

    @step
    def a(self):
        self.x = self.input
        self.next(self.join)

    @catch(var="failed", print_exception=False)
    @step
    def join(self, inputs):
        self.before = 1
        raise ValueError("no join")
        self.next(self.end)

    @step
    def end(self):
        print(self.failed.exception, self.before, hasattr(self, "items"))


if __name__ == "__main__":
    CatchAtJoinFlow()
