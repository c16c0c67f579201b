"""A recursion that failed on its second pass.

"resuming reuses results of every successful step instead of actually running them." (Debugging Flows)

$ BOO=1 python flow.py run
$ python flow.py resume
"""

import os

from metaflow import FlowSpec, step


class RecursionFlow(FlowSpec):
    @step
    def start(self):
        self.n = 0
        self.next(self.again)

    @step
    def again(self):
        self.n += 1
        if self.n == 2 and "BOO" in os.environ:
            raise ValueError("boo")
        self.content = "yes" if self.n == 3 else "no"
        self.next({"no": self.again, "yes": self.end}, condition="content")

    @step
    def end(self):
        print(self.n)


if __name__ == "__main__":
    RecursionFlow()
