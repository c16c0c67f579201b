"""Mutators take decorators away: by name, or with the arguments that `decorator_specs` tells.

"To remove a decorator, you can pass the decorator specification (obtained from `decorator_specs` for example)."
(MutableStep)

$ python flow.py run
"""

from metaflow import FlowMutator, FlowSpec, StepMutator, catch, project, retry, step, user_step_decorator

calls = []


@user_step_decorator
def tells(step_name, flow, inputs=None, attributes=None):
    calls.append(("tells", attributes))
    yield


class Removes(StepMutator):
    def pre_mutate(self, mutable_step):
        calls.append([mutable_step.remove_decorator("tells", deco_args=[], deco_kwargs={"by": by}) for by in "abc"])
        calls.append([mutable_step.remove_decorator(name) for name in ("catch", "catch", "nosuch", "Never")])

    def mutate(self, mutable_step):
        calls.append([mutable_step.remove_decorator(name) for name in ("retry", "retry", "tells", "tells")])


class Never(StepMutator):
    def mutate(self, mutable_step):
        calls.append("never called")


class OfFlow(FlowMutator):
    def pre_mutate(self, mutable_flow):
        calls.append([mutable_flow.remove_decorator("project"), mutable_flow.remove_decorator("project")])
        calls.append(mutable_flow.get_decorator_specs("project"))


@OfFlow
@project(name="gone")
class RemoveFlow(FlowSpec):
    @Never
    @Removes
    @catch(var="caught")
    @retry(times=1)
    @tells(by="a")
    @tells(by="b")
    @step
    def start(self):
        self.next(self.end)

    @tells(by="end")
    @step
    def end(self):
        self.calls = list(calls)
        self.decorators = [d["name"] for d in self._graph_info["steps"]["start"]["decorators"]]
        print(self._graph_info["decorators"][0]["name"])


if __name__ == "__main__":
    RemoveFlow()
