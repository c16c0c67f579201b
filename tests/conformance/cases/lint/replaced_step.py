"""A decorator that replaces the step by a function of its own, without functools.wraps.

"This statement should appear as the last statement of each step, except the end step." (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


def replaced(function):
    def inner(self):
        function(self)

    return inner


class ReplacedFlow(FlowSpec):
    @step
    @replaced
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    ReplacedFlow()
