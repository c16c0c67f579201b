"""A killed process is tried again.

"`retry` to deal with transient platform issues." (Dealing with Failures)

$ python flow.py run
"""

import os
import signal

from metaflow import FlowSpec, current, retry, step


class RetryAfterKillFlow(FlowSpec):
    @retry(times=1, minutes_between_retries=0)
    @step
    def start(self):
        if current.retry_count == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.next(self.end)

    @step
    def end(self):
        print("alive")


if __name__ == "__main__":
    RetryAfterKillFlow()
