"""A decorator skips the step; those inside of it are skipped too, those around it are not.

"A decorator can decide to skip execution of the user code by yielding an empty dictionary, i.e. `yield {}`. Even when
skipping the user code a task is started - to execute the custom decorator" (Advanced Custom Decorators)

$ python flow.py run
"""

from metaflow import USER_SKIP_STEP, FlowSpec, step, user_step_decorator

calls = []


@user_step_decorator
def around(step_name, flow, inputs=None, attributes=None):
    calls.append(("around", step_name))
    yield
    calls.append(("around after", step_name))
    flow.calls = list(calls)


@user_step_decorator
def inside(step_name, flow, inputs=None, attributes=None):
    calls.append("inside")
    yield


@user_step_decorator
def skip(step_name, flow, inputs=None, attributes=None):
    flow.skipped = step_name
    yield {}
    calls.append("after the skip")


@user_step_decorator
def skip_by_name(step_name, flow, inputs=None, attributes=None):
    yield USER_SKIP_STEP
    flow.after = True


class SkipFlow(FlowSpec):
    @around
    @skip
    @inside
    @step
    def start(self):
        self.never = 1
        self.next(self.fork)

    @skip_by_name
    @step
    def fork(self):
        self.never = 1
        self.next(self.left, self.right)

    @skip
    @step
    def left(self):
        self.next(self.join)

    @step
    def right(self):
        self.next(self.join)

    @skip
    @step
    def join(self, inputs):
        self.never = 1
        self.next(self.end)

    @skip
    @step
    def end(self):
        self.never = 1


if __name__ == "__main__":
    SkipFlow()
