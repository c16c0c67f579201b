"""A step with @environment, which a mutator added, is a process of its own: its decorators are there all the same.

"Apply stacks of decorators automatically, e.g. `@retry` and `@fallback`." (Applying Decorators with Mutators)

$ printf 'from metaflow import user_step_decorator\\n@user_step_decorator\\n' > parent.py
$ printf 'def mark(step_name, flow, inputs=None, attributes=None):\\n    yield\\n' >> parent.py
$ printf '    import os\\n    flow.marked = attributes, os.environ.get("WORD")\\n' >> parent.py
$ python flow.py run --with parent.mark:n=1 --config-value words '{"start": "hej"}' --number 5
"""

import os

from metaflow import Config, FlowMutator, FlowSpec, Parameter, StepMutator, step, user_step_decorator


@user_step_decorator
def tells(step_name, flow, inputs=None, attributes=None):
    flow.word = os.environ["WORD"], attributes
    yield


class word(StepMutator):
    def init(self, text):
        self.text = text

    def mutate(self, mutable_step):
        mutable_step.add_decorator("environment", deco_kwargs={"vars": {"WORD": self.text}})
        mutable_step.add_decorator(tells, deco_kwargs={"text": self.text})


class number(FlowMutator):
    def pre_mutate(self, mutable_flow):
        mutable_flow.add_parameter("number", Parameter("number", default=1))


@number
class EnvironmentFlow(FlowSpec):
    words = Config("words", default_value='{"start": "hello"}')

    @word(text=words.start)
    @step
    def start(self):
        self.doubled = 2 * self.number
        self.next(self.end)

    @step
    def end(self):
        print(self.word, self.doubled)


if __name__ == "__main__":
    EnvironmentFlow()
