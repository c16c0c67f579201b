"""Decorators of one's own that use functools.wraps, below @step and above it.

"Marks a method in a FlowSpec as a Metaflow Step. Note that this decorator needs to be placed as close to the method as
possible (ie: before other decorators)." (step)

$ python flow.py show
$ python flow.py run
"""

import contextlib
import functools

from metaflow import FlowSpec, retry, step


def loud(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        print("before", function.__name__)
        return function(*args, **kwargs)

    return inner


def counted(count):
    def decorate(function):
        @functools.wraps(function)
        def inner(self, *inputs):
            print("counted", count)
            return function(self, *inputs)

        return inner

    return decorate


class Around(contextlib.ContextDecorator):
    def __enter__(self):
        print("in")

    def __exit__(self, *error):
        print("out")


class WrappedFlow(FlowSpec):
    @retry(times=1)
    @step
    @loud
    def start(self):
        """Begins."""
        self.x = [1, 2]
        self.next(self.a, foreach="x")

    @loud
    @step
    def a(self):
        """Takes one item."""
        self.y = self.input
        self.next(self.b)

    @step
    @counted(3)
    @loud
    def b(self):
        self.next(self.join)

    @retry(times=1)
    @step
    @counted("inputs")
    def join(self, inputs):
        self.sum = sum(i.y for i in inputs)
        self.next(self.end)

    @step
    @Around()
    def end(self):
        print(self.sum)
        steps = self._graph_info["steps"]
        print([(name, s["line"], s["doc"], s["type"]) for name, s in steps.items()])
        print([d["name"] for d in steps["start"]["decorators"]])


if __name__ == "__main__":
    WrappedFlow()
