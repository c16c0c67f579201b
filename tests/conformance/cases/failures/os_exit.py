"""A process that ends without a word.

"platform issues happen outside of your code" (Dealing with Failures)

$ python flow.py run
"""

import os

from metaflow import FlowSpec, step


class OsExitFlow(FlowSpec):
    @step
    def start(self):
        print("last words", flush=True)
        os._exit(5)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    OsExitFlow()
