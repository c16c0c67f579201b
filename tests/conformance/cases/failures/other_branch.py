"""When a branch fails, what runs beside it may finish; the join does not begin.

"Metaflow stops execution of the flow when a step fails." (Dealing with Failures)

$ python flow.py run
"""

import time

from metaflow import FlowSpec, step


class OtherBranchFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.bad, self.good)

    @step
    def bad(self):
        time.sleep(0.5)
        raise ValueError("bad")
        self.next(self.join)

    @step
    def good(self):
        self.x = 1
        self.next(self.join)

    @step
    def join(self, inputs):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    OtherBranchFlow()
