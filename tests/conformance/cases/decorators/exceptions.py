"""Exceptions go from the innermost decorator outwards; one that keeps them makes the step a success.

"You are able to catch exceptions thrown by the yield statement (ie: coming from the wrapped code). Catching and not
re-raising the exception will make the step successful." (user_step_decorator)

$ python flow.py run
$ FAIL=1 python flow.py run
"""

import os

from metaflow import FlowSpec, step, user_step_decorator

calls = []


@user_step_decorator
def tells(step_name, flow, inputs=None, attributes=None):
    try:
        yield
    except Exception as error:
        calls.append((step_name, type(error).__name__, str(error)))
        raise
    else:
        calls.append((step_name, "went well"))
    finally:
        flow.calls = list(calls)


@user_step_decorator
def keeps(step_name, flow, inputs=None, attributes=None):
    try:
        yield
    except Exception as error:
        calls.append((step_name, "kept", type(error).__name__))
        flow.kept = str(error)


@user_step_decorator
def changes(step_name, flow, inputs=None, attributes=None):
    try:
        yield
    except ValueError as error:
        raise KeyError("instead of " + str(error)) from error


class ExceptionsFlow(FlowSpec):
    @tells
    @keeps
    @changes
    @tells
    @step
    def start(self):
        self.before = 1
        raise ValueError("from the step")
        self.next(self.fork)

    @keeps
    @step
    def fork(self):
        self.items = [1, 2]
        if self.items:
            raise ValueError("before the foreach")
        self.next(self.each, foreach="items")

    @tells
    @step
    def each(self):
        self.next(self.join)

    @keeps
    @step
    def join(self, inputs):
        raise ValueError("in the join")
        self.next(self.end)

    @tells
    @changes
    @tells
    @step
    def end(self):
        if "FAIL" in os.environ:
            raise ValueError("at the end")


if __name__ == "__main__":
    ExceptionsFlow()
