"""retry, catch and timeout together, in a foreach where every item ends another way.

"You can use any combination of these four techniques, or all of them together" (Dealing with Failures)

$ python flow.py run
"""

import os
import signal
import time

from metaflow import FlowSpec, catch, current, retry, step, timeout


class CatchInForeachFlow(FlowSpec):
    @step
    def start(self):
        self.items = ["good", "raises", "killed", "slow", "second"]
        self.next(self.a, foreach="items")

    @catch(var="failed", print_exception=False)
    @timeout(seconds=2)
    @retry(times=1, minutes_between_retries=0)
    @step
    def a(self):
        self.kind = self.input
        if self.kind == "raises":
            raise KeyError("k")
        if self.kind == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.kind == "slow":
            time.sleep(20)
        if self.kind == "second" and current.retry_count == 0:
            raise ValueError("first")
        self.fine = True
        self.next(self.join)

    @step
    def join(self, inputs):
        self.kinds = [getattr(i, "kind", None) for i in inputs]
        self.failed = [i.failed.type.split(".")[-1] if i.failed else None for i in inputs]
        self.fine = [hasattr(i, "fine") for i in inputs]
        self.next(self.end)

    @step
    def end(self):
        print(self.kinds, self.failed, self.fine)


if __name__ == "__main__":
    CatchInForeachFlow()
