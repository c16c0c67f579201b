"""A process that was killed is caught too.

"notifying that all attempts to run `start` failed." (Dealing with Failures)

$ python flow.py run
"""

import os
import signal

from metaflow import FlowSpec, catch, retry, step


class CatchAfterKillFlow(FlowSpec):
    @catch(var="start_failed", print_exception=False)
    @retry(times=1, minutes_between_retries=0)
    @step
    def start(self):
        os.kill(os.getpid(), signal.SIGKILL)
        self.next(self.end)

    @step
    def end(self):
        if self.start_failed is not None:
            print("It seems 'start' did not survive.")
            print(self.start_failed.type)


if __name__ == "__main__":
    CatchAfterKillFlow()
