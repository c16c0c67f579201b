"""A run whose decorator failed is resumed, with another decorator by --with; mutators are called again.

"mutators are applied at deploy time, before a run or deployment begins." (Applying Decorators with Mutators)

$ BREAK=1 python flow.py run
$ python flow.py resume --with tells
"""

import os

from metaflow import FlowMutator, FlowSpec, Parameter, step, user_step_decorator


@user_step_decorator
def breaks(step_name, flow, inputs=None, attributes=None):
    yield
    flow.after = attributes
    if "BREAK" in os.environ:
        raise ValueError("broken")


@user_step_decorator
def tells(step_name, flow, inputs=None, attributes=None):
    flow.told = step_name
    yield


class Adds(FlowMutator):
    def pre_mutate(self, mutable_flow):
        mutable_flow.add_parameter("added", Parameter("added", default="by a mutator"))
        mutable_flow.middle.add_decorator(breaks, deco_kwargs={"by": "mutator"})


@Adds
class ResumedFlow(FlowSpec):
    @tells
    @step
    def start(self):
        self.first = self.added
        self.next(self.middle)

    @step
    def middle(self):
        self.ran = self.added
        self.next(self.end)

    @step
    def end(self):
        print(self.first, self.ran, self.after, self.told)


if __name__ == "__main__":
    ResumedFlow()
