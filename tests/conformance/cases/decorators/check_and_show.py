"""`check` and `show` know of custom decorators and mutators, and refuse what cannot be.

"It is an error to use your mutator with arguments but not implement this method." (StepMutator)

$ python flow.py check
$ python flow.py show
$ WRONG=arguments python flow.py check
$ WRONG=duplicate python flow.py run
$ WRONG=parameter python flow.py run
$ WRONG=mutator python flow.py show
"""

import os

from metaflow import FlowMutator, FlowSpec, Parameter, StepMutator, UserStepDecorator, catch, step, user_step_decorator

WRONG = os.environ.get("WRONG")


@user_step_decorator
def tells(step_name, flow, inputs=None, attributes=None):
    yield


class Plain(UserStepDecorator):
    pass


class Adds(StepMutator):
    def mutate(self, mutable_step):
        mutable_step.add_decorator(tells)
        if WRONG == "duplicate":
            mutable_step.add_decorator("catch", duplicates=mutable_step.ERROR)


class OfFlow(FlowMutator):
    def mutate(self, mutable_flow):
        if WRONG == "parameter":
            mutable_flow.add_parameter("late", Parameter("late", default=1))
        if WRONG == "mutator":
            mutable_flow.end.add_decorator(Adds)


@OfFlow
class CheckAndShowFlow(FlowSpec):
    """A flow with decorators."""

    @(Plain(n=1) if WRONG == "arguments" else Plain)
    @Adds
    @catch(var="problem")
    @step
    def start(self):
        """Begins."""
        self.next(self.end)

    @tells
    @step
    def end(self):
        pass


if __name__ == "__main__":
    CheckAndShowFlow()
