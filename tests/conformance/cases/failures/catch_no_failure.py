"""Nothing to catch.

"It can't know what to do with failed steps automatically." (Dealing with Failures)

$ python flow.py run
"""

from metaflow import FlowSpec, catch, step


class CatchNoFailureFlow(FlowSpec):
    @catch(var="failed")
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        print(self.failed)


if __name__ == "__main__":
    CatchNoFailureFlow()
