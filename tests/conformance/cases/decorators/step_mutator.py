"""Step mutators: when they are called, what they see of a step, and what they add.

"A step mutator allows you to introspect a step and add decorators to it. You can use values available through
configurations to determine how to mutate the step." "pre_mutate: called as early as possible right after configuration
values are read." "mutate: called right after all the command line is parsed" (StepMutator)

$ python flow.py run
$ python flow.py run --config-value config '{"n": 5}'
"""

from metaflow import Config, FlowSpec, StepMutator, UserStepDecorator, environment, resources, step, user_step_decorator

calls = []


@user_step_decorator
def tells(step_name, flow, inputs=None, attributes=None):
    calls.append(("tells", attributes))
    yield


class Late(UserStepDecorator):
    def init(self, **kwargs):
        calls.append(("Late.init", kwargs))


class Adds(StepMutator):
    def init(self, *args, **kwargs):
        self.name = args[0]
        calls.append(("init", args, kwargs))

    def pre_mutate(self, mutable_step):
        calls.append(("pre_mutate", self.name, self.seen(mutable_step)))
        if self.name == "upper":
            mutable_step.add_decorator(Other, deco_args=[7], deco_kwargs={"a": 1})

    def mutate(self, mutable_step):
        calls.append(("mutate", self.name, self.seen(mutable_step)))
        added = [
            mutable_step.add_decorator("retry", deco_kwargs={"times": 2}),
            mutable_step.add_decorator(tells, deco_kwargs={"by": self.name}),
            mutable_step.add_decorator(environment, deco_kwargs={"vars": {"WORD": self.name}}),
            mutable_step.add_decorator(Late, deco_kwargs={"n": mutable_step.flow.config.n}),
        ]
        calls.append(("added", [a is not None for a in added]))

    @staticmethod
    def seen(mutable_step):
        # Before `init` the arguments are not settled yet.
        return [(name, args, kwargs) for name, _, args, kwargs in mutable_step.decorator_specs if name != "Late"]


class Other(StepMutator):
    def init(self, number, a=0):
        self.number = number + a

    def pre_mutate(self, mutable_step):
        calls.append(("Other.pre_mutate", self.number))

    def mutate(self, mutable_step):
        calls.append(("Other.mutate", self.number))


class StepMutatorFlow(FlowSpec):
    config = Config("config", default_value='{"n": 4}')

    @tells(by="author")
    @Adds("upper", n=config.n)
    @Late(n=config.n)
    @Adds("lower")
    @resources(memory=5)
    @step
    def start(self):
        self.next(self.end)

    @Adds("at the end")
    @step
    def end(self):
        import os

        print(os.environ["WORD"])
        self.calls = list(calls)
        self.decorators = [
            (d["name"], d["attributes"].get("times"), d["inserted_by"], d["statically_defined"])
            for d in self._graph_info["steps"]["start"]["decorators"]
        ]


if __name__ == "__main__":
    StepMutatorFlow()
