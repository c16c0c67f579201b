"""What becomes of a decorator that is there already.

"`IGNORE` - the decorator added by the mutator is ignored if a user-defined decorator exists. `OVERRIDE` - the decorator
added by the mutator overrides a user-defined decorator. `ERROR` - adding duplicate decorators raises an error."
(Applying Decorators with Mutators)

$ DUPLICATES=IGNORE python flow.py run
$ DUPLICATES=OVERRIDE python flow.py run
$ DUPLICATES=ERROR python flow.py run
$ DUPLICATES=OVERRIDE python flow.py run --with retry:times=3 --with tells:by=command
"""

import os

from metaflow import FlowMutator, FlowSpec, retry, step, user_step_decorator

calls = []


@user_step_decorator
def tells(step_name, flow, inputs=None, attributes=None):
    calls.append(("tells", attributes))
    yield


@user_step_decorator
def around(step_name, flow, inputs=None, attributes=None):
    calls.append("around")
    yield


class robust(FlowMutator):
    def mutate(self, mutable_flow):
        for _, mutable_step in mutable_flow.steps:
            how = getattr(mutable_step, os.environ["DUPLICATES"])
            mutable_step.add_decorator("retry", deco_kwargs={"times": 1}, duplicates=how)
            mutable_step.add_decorator(tells, deco_kwargs={"by": "mutator"}, duplicates=how)


@robust
class DuplicatesFlow(FlowSpec):
    @around
    @tells(by="author")
    @tells(by="author", again=True)
    @retry(times=2)
    @step
    def start(self):
        self.calls = list(calls)
        self.next(self.end)

    @step
    def end(self):
        self.decorators = [
            (d["name"], d["attributes"].get("times"), d["attributes"].get("by"))
            for d in self._graph_info["steps"]["start"]["decorators"]
        ]


if __name__ == "__main__":
    DuplicatesFlow()
