"""Other functions in place of a step: one calls self.next, one leaves that to the step's own, one ends the flow.

"A decorator may decide to execute another function instead of the step function defined in the flow - just `yield` a
callable that takes a `FlowSpec` object (`self` in steps) as an argument." (Advanced Custom Decorators)

$ python flow.py run
"""

from metaflow import FlowSpec, UserStepDecorator, step, user_step_decorator


@user_step_decorator
def goes_on(step_name, flow, inputs=None, attributes=None):
    def instead(self):
        self.who = "instead of " + step_name
        self.next(self.middle)

    yield instead
    flow.after = 1


@user_step_decorator
def leaves_it(step_name, flow, inputs=None, attributes=None):
    yield lambda self: True


@user_step_decorator
def never(step_name, flow, inputs=None, attributes=None):
    flow.never = True
    yield


@user_step_decorator
def joins(step_name, flow, inputs, attributes):
    def instead(self, inputs):
        self.who = [i.who for i in inputs]
        return True

    yield instead


class Last(UserStepDecorator):
    def pre_step(self, step_name, flow, inputs=None):
        def instead(self):
            self.last = self.who

        return instead


class ReplaceFlow(FlowSpec):
    @goes_on
    @step
    def start(self):
        self.never = True
        self.next(self.middle)

    @leaves_it
    @never
    @step
    def middle(self):
        self.never = True
        self.next(self.left, self.right)

    @step
    def left(self):
        self.next(self.join)

    @step
    def right(self):
        self.who = "right"
        self.next(self.join)

    @joins
    @step
    def join(self, inputs):
        self.never = True
        self.next(self.end)

    @Last
    @step
    def end(self):
        self.never = True


if __name__ == "__main__":
    ReplaceFlow()
