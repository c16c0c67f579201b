"""Flow mutators: when they are called, what they see of a flow, and what they add to it and take away.

"A flow mutator allows you to introspect a flow and its included steps. You can then add parameters, configurations and
decorators to the flow as well as modify any of its steps." (FlowMutator)

$ python flow.py run
$ python flow.py run --added 7 --own 8
$ python flow.py run --gone 1
"""

from metaflow import Config, FlowMutator, FlowSpec, Parameter, StepMutator
from metaflow import current, project, retry, step, user_step_decorator

calls = []


@user_step_decorator
def tells(step_name, flow, inputs=None, attributes=None):
    calls.append(("tells", attributes))
    yield


class Changes(FlowMutator):
    def init(self, *args, **kwargs):
        self.name = kwargs["name"]
        calls.append(("init", args, self.name))

    def pre_mutate(self, mutable_flow):
        calls.append(("pre_mutate", self.name, self.seen(mutable_flow)))
        if self.name != "upper":
            return
        mutable_flow.add_parameter("added", Parameter("added", default=mutable_flow.config.n, help="By a mutator"))
        mutable_flow.add_parameter("own", Parameter("own", default=6), overwrite=True)
        calls.append(("removed", mutable_flow.remove_parameter("gone"), mutable_flow.remove_parameter("nosuch")))
        added = mutable_flow.add_decorator(project, deco_kwargs={"name": "made"})
        again = mutable_flow.add_decorator("project:name=other")
        calls.append(("added", added is not None, again))
        mutable_flow.add_decorator(Another, deco_args=[1])

    def mutate(self, mutable_flow):
        calls.append(("mutate", self.name, self.seen(mutable_flow)))
        for name, mutable_step in mutable_flow.steps:
            mutable_step.add_decorator(tells, deco_kwargs={"by": self.name, "at": name})
        mutable_flow.end.add_decorator("retry:times=1")

    @staticmethod
    def seen(mutable_flow):
        return (
            sorted(name for name, _, _, _ in mutable_flow.decorator_specs),
            list(mutable_flow.configs),
            sorted(name for name, _ in mutable_flow.parameters),
            [(name, [s[0] for s in mutable_step.decorator_specs]) for name, mutable_step in mutable_flow.steps],
            mutable_flow.own.name,
            mutable_flow.has_decorator("project"),
            hasattr(mutable_flow, "nosuch"),
        )


class Another(FlowMutator):
    def init(self, number):
        calls.append(("Another.init", number))

    def pre_mutate(self, mutable_flow):
        calls.append("Another.pre_mutate")

    def mutate(self, mutable_flow):
        calls.append("Another.mutate")


class OfStep(StepMutator):
    def pre_mutate(self, mutable_step):
        calls.append("OfStep.pre_mutate")

    def mutate(self, mutable_step):
        calls.append("OfStep.mutate")


@Changes(name="upper")
@Changes(name="lower")
class FlowMutatorFlow(FlowSpec):
    config = Config("config", default_value='{"n": 4}')
    own = Parameter("own", default=1)
    gone = Parameter("gone", default=1)

    @OfStep
    @retry(times=0)
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        print(current.project_name, self.added, self.own, hasattr(self, "gone"), sorted(current.parameter_names))
        self.calls = list(calls)
        self.decorators = [(d["name"], d["inserted_by"]) for d in self._graph_info["steps"]["end"]["decorators"]]


if __name__ == "__main__":
    FlowMutatorFlow()
