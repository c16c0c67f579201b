"""A step in time; retry and catch beside it.

"all values specified are cumulative" (Dealing with Failures)

$ python flow.py run
"""

from metaflow import FlowSpec, catch, retry, step, timeout


class TimeoutNotReachedFlow(FlowSpec):
    @catch(var="failed")
    @retry(times=2)
    @timeout(seconds=10, minutes=5)
    @step
    def start(self):
        self.x = 1
        self.next(self.end)

    @step
    def end(self):
        print(self.x, self.failed)


if __name__ == "__main__":
    TimeoutNotReachedFlow()
