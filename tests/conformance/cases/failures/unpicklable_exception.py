"""An exception that cannot be pickled is told, and can be caught.

"the `catch` decorator catches the exception and stores it in an instance variable" (Dealing with Failures)

$ python flow.py run
"""

import threading

from metaflow import FlowSpec, catch, step


class Locked(Exception):
    def __init__(self, lock):
        super().__init__("locked")
        self.lock = lock


class UnpicklableExceptionFlow(FlowSpec):
    @catch(var="failed", print_exception=False)
    @step
    def start(self):
        raise Locked(threading.Lock())
        self.next(self.end)

    @step
    def end(self):
        print(self.failed.type, self.failed.exception)
        raise Locked(threading.Lock())


if __name__ == "__main__":
    UnpicklableExceptionFlow()
