"""A resumed run fails again and is resumed itself.

"You can also resume a specific run using the CLI option `--origin-run-id`" (Debugging Flows)

$ AT=a python flow.py run
$ AT=b python flow.py resume
$ python flow.py resume --origin-run-id $RUN
"""

import os

from metaflow import FlowSpec, step


class TwiceFlow(FlowSpec):
    @step
    def start(self):
        self.x = [1]
        self.next(self.a)

    @step
    def a(self):
        self.fail("a")
        self.x.append(2)
        self.next(self.b)

    @step
    def b(self):
        self.fail("b")
        self.x.append(3)
        self.next(self.end)

    def fail(self, step):
        if os.environ.get("AT") == step:
            raise ValueError("at " + step)

    @step
    def end(self):
        print(self.x)


if __name__ == "__main__":
    TwiceFlow()
