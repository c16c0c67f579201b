"""One class is a decorator and a mutator at once.

"class foo(UserStepDecorator, StepMutator)": "a single decorator can contribute both a mutate()/pre_mutate() pass over
the flow/step (the StepMutator role) and pre_step/post_step wrapping hooks" (Metaflow, pull request 3079)

$ python flow.py run
"""

from metaflow import FlowSpec, StepMutator, UserStepDecorator, current, step

calls = []


class both(UserStepDecorator, StepMutator):
    def init(self, word="none"):
        self.word = word

    def pre_mutate(self, mutable_step):
        calls.append(("pre_mutate", self.word))

    def mutate(self, mutable_step):
        calls.append(("mutate", self.word, [s[0] for s in mutable_step.decorator_specs]))
        mutable_step.add_decorator("retry:times=1,minutes_between_retries=0")

    def pre_step(self, step_name, flow, inputs=None):
        calls.append(("pre_step", self.word, current.retry_count))

    def post_step(self, step_name, flow, exception=None):
        calls.append(("post_step", self.word, repr(exception)))
        flow.calls = list(calls)
        return exception


class BothFlow(FlowSpec):
    @both(word="hello")
    @step
    def start(self):
        if not current.retry_count:
            raise ValueError("first")
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    BothFlow()
