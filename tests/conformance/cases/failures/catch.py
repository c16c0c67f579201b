"""An exception is caught and kept.

"the `catch` decorator catches the exception and stores it in an instance variable called `compute_failed`, and lets
the execution continue." (Dealing with Failures)

$ python flow.py run
"""

from metaflow import FlowSpec, catch, step


class CatchFlow(FlowSpec):
    @step
    def start(self):
        self.params = range(3)
        self.next(self.compute, foreach="params")

    @catch(var="compute_failed")
    @step
    def compute(self):
        self.div = self.input
        self.x = 5 / self.div
        self.next(self.join)

    @step
    def join(self, inputs):
        for input in inputs:
            if input.compute_failed:
                print("compute failed for parameter: %d" % input.div)
                failed = input.compute_failed
                print(failed.type, failed.exception, "ZeroDivisionError" in str(failed), repr(failed)[:30])
        print([hasattr(i, "x") for i in inputs])
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    CatchFlow()
