"""What cannot be pickled fails the step.

"All artifacts are persisted" (Creating Flows)

$ python flow.py run
"""

import threading

from metaflow import FlowSpec, step


class UnpicklableFlow(FlowSpec):
    @step
    def start(self):
        self.good = 1
        self.lock = threading.Lock()
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    UnpicklableFlow()
