"""A run that was resumed by its id fails again; which run is resumed next when none is named?

"ID of the run that should be resumed. By default, the last run executed locally." (resume --help)

$ AT=a python flow.py run
$ AT=b python flow.py resume --origin-run-id $RUN
$ AT=c python flow.py resume
$ python flow.py resume
"""

import os

from metaflow import FlowSpec, step


class LastFlow(FlowSpec):
    @step
    def start(self):
        self.did("start")
        self.next(self.a)

    @step
    def a(self):
        self.did("a")
        self.next(self.b)

    @step
    def b(self):
        self.did("b")
        self.next(self.c)

    @step
    def c(self):
        self.did("c")
        self.next(self.end)

    def did(self, step):
        if os.environ.get("AT") == step:
            raise ValueError("at " + step)
        print("did", step)

    @step
    def end(self):
        print("end")


if __name__ == "__main__":
    LastFlow()
