"""Resume from a step inside of a foreach, and from the join.

"This would resume execution from the step `start`." (Debugging Flows)

$ python flow.py run
$ MORE=1 python flow.py resume a
$ MORE=2 python flow.py resume --origin-run-id $RUN join
"""

import os

from metaflow import FlowSpec, step


class FromForeachFlow(FlowSpec):
    @step
    def start(self):
        self.items = [1, 2]
        self.next(self.a, foreach="items")

    @step
    def a(self):
        self.y = self.input + 10 * int(os.environ.get("MORE", 0))
        self.next(self.join)

    @step
    def join(self, inputs):
        self.ys = [i.y for i in inputs] + [os.environ.get("MORE", "0")]
        self.next(self.end)

    @step
    def end(self):
        print(self.ys)


if __name__ == "__main__":
    FromForeachFlow()
