"""A step that takes too long.

"The above example raises an exception if the step does not finish in the given time period." (Dealing with Failures)

$ python flow.py run
"""

import time

from metaflow import FlowSpec, step, timeout


class TimeoutFlow(FlowSpec):
    @timeout(seconds=1)
    @step
    def start(self):
        try:
            time.sleep(30)
        finally:
            print("cleaned up")
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    TimeoutFlow()
