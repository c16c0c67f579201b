"""catch cannot stand at a step that fans out.

"`catch` ... lets the execution continue" (Dealing with Failures)

$ python flow.py run
"""

from metaflow import FlowSpec, catch, step


class CatchAtForeachFlow(FlowSpec):
    @catch(var="failed")
    @step
    def start(self):
        self.items = [1]
        self.next(self.a, foreach="items")

    @step
    def a(self):
        self.next(self.join)

    @step
    def join(self, inputs):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    CatchAtForeachFlow()
