"""A timeout is caught.

"you can use the `catch` decorator to catch the timeout exception" (Dealing with Failures)

$ python flow.py run
"""

import time

from metaflow import FlowSpec, catch, step, timeout


class CatchTimeoutFlow(FlowSpec):
    @catch(print_exception=False, var="timeout")
    @timeout(seconds=1)
    @step
    def start(self):
        time.sleep(30)
        self.next(self.end)

    @step
    def end(self):
        if self.timeout:
            print("the previous step timed out", self.timeout.type)
        else:
            print("all ok!")


if __name__ == "__main__":
    CatchTimeoutFlow()
