"""Decorators above each other: the outermost begins first and ends last, also at a join, which they see the inputs of.

"Any code before `yield` is executed before the user-defined step code. Code after it is executed after the user's code
has executed successfully." (Custom Decorators)

$ python flow.py run
"""

from metaflow import FlowSpec, current, step, user_step_decorator

calls = []


@user_step_decorator
def outer(step_name, flow, inputs=None, attributes=None):
    calls.append(("outer before", step_name, current.step_name, attributes, inputs is None))
    yield
    calls.append(("outer after", step_name, flow.made))
    flow.calls = list(calls)
    calls.clear()


@user_step_decorator
def inner(step_name, flow, inputs, attributes):
    calls.append(("inner before", attributes, hasattr(flow, "made"), inputs and sorted(i.made for i in inputs)))
    told = yield
    calls.append(("inner after", told, flow.made))
    flow.made += 1


@user_step_decorator
def short(step_name, flow, inputs):
    calls.append(("short", step_name))
    yield


class OrderFlow(FlowSpec):
    @outer
    @inner(a=1, b=[2, "three"])
    @short
    @step
    def start(self):
        """Has three."""
        calls.append("start")
        self.made = 1
        self.next(self.left, self.right)

    @outer()
    @step
    def left(self):
        self.made = 10
        self.next(self.join)

    @short()
    @outer(left=False)
    @step
    def right(self):
        self.made = 20
        self.next(self.join)

    @outer
    @inner(at="join")
    @step
    def join(self, inputs):
        self.made = sum(i.made for i in inputs)
        self.next(self.end)

    @outer(last=True)
    @step
    def end(self):
        print(self.made, self.start.__doc__)


if __name__ == "__main__":
    OrderFlow()
