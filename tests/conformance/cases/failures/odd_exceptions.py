"""Failures that are hard to tell.

"Typically, this error message provides enough information so you can fix the code" (Debugging Flows)

$ HOW=bad_str python flow.py run
$ HOW=recursion python flow.py run 2>&1 | grep -c RecursionError
$ HOW=assert python flow.py run
$ HOW=lines python flow.py run
"""

import os

from metaflow import FlowSpec, step


class BadStr(Exception):
    def __str__(self):
        return "ok" if self.args else "no arguments"


class OddExceptionsFlow(FlowSpec):
    @step
    def start(self):
        how = os.environ["HOW"]
        self.how = how
        if how == "bad_str":
            raise BadStr
        if how == "recursion":
            self.deep(0)
        if how == "lines":
            raise ValueError("one\ntwo\n\nfour")
        assert how != "assert", "told why"
        self.next(self.end)

    def deep(self, n):
        self.deep(n + 1)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    OddExceptionsFlow()
