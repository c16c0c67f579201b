"""Decorators and step mutators by --with: of this file, of another, with attributes, once a step.

"you can attach the decorator automatically to all steps by executing a flow with `python myflow.py run --with
myprofile.my_profile`" "`run --with statsprofiler.stats_profile:silent=1`" (Custom Decorators)

$ printf 'from metaflow import user_step_decorator\\n@user_step_decorator\\n' > parent.py
$ printf 'def mark(step_name, flow, inputs=None, attributes=None):\\n' >> parent.py
$ printf '    yield\\n    flow.marked = attributes, type(attributes.get("n")).__name__\\n' >> parent.py
$ python flow.py run --with parent.mark
$ python flow.py run --with 'parent.mark:silent=1,n={"a": [1, 2], "b": null},word=two words'
$ python flow.py --with own:first=1 run --with parent.mark --with own:second=2
$ METAFLOW_RUN_DECOSPECS='own:n=1.5 parent.mark' python flow.py run
$ python flow.py run --with tries
$ python flow.py run --with nosuch:a=1
$ python flow.py run --with parent.nosuch
"""

from metaflow import FlowSpec, StepMutator, current, step, user_step_decorator

calls = []


@user_step_decorator
def own(step_name, flow, inputs=None, attributes=None):
    calls.append(("own", attributes))
    yield


@user_step_decorator
def written(step_name, flow, inputs=None, attributes=None):
    calls.append(("written", attributes, flow.__class__.__name__))
    yield


class tries(StepMutator):
    def pre_mutate(self, mutable_step):
        calls.append("pre_mutate")

    def mutate(self, mutable_step):
        mutable_step.add_decorator("retry", deco_kwargs={"times": 1, "minutes_between_retries": 0})
        mutable_step.add_decorator(own, deco_kwargs={"by": "mutator"})


class WithOptionFlow(FlowSpec):
    @own(at="start")
    @step
    def start(self):
        self.next(self.end)

    @written
    @step
    def end(self):
        self.calls = list(calls)
        self.decorators = [d["name"] for d in self._graph_info["steps"]["end"]["decorators"]]
        if "retry" in self.decorators and not current.retry_count:
            raise ValueError("once more")


if __name__ == "__main__":
    WithOptionFlow()
