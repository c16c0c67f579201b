"""Processes that are killed: by hand, by a bad address, by themselves.

"a flow that kills itself without giving Python a chance to recover" (Dealing with Failures)

$ SIGNAL=KILL python flow.py run
$ SIGNAL=SEGV python flow.py run
$ SIGNAL=ABRT python flow.py run
"""

import os
import signal

from metaflow import FlowSpec, step


class SignalsFlow(FlowSpec):
    @step
    def start(self):
        os.kill(os.getpid(), getattr(signal, "SIG" + os.environ["SIGNAL"]))
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    SignalsFlow()
