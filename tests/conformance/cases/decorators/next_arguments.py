"""A decorator that skips a step, or a function in its place, chooses another list for the foreach.

"A full dictionary will pass the arguments to the `self.next()` call -- this allows you to modify the behavior of
`self.next` (for example, changing the `foreach` values." (user_step_decorator)

$ python flow.py run
"""

from metaflow import FlowSpec, UserStepDecorator, step, user_step_decorator


@user_step_decorator
def other_list(step_name, flow, inputs=None, attributes=None):
    flow.letters = ["x", "y", "z"]
    yield {"foreach": "letters"}


@user_step_decorator
def other_code(step_name, flow, inputs=None, attributes=None):
    def instead(self):
        self.few = [7, 8]
        return {"foreach": "few"}

    yield instead


class OtherSkip(UserStepDecorator):
    def pre_step(self, step_name, flow, inputs=None):
        flow.words = ["a", "b"]
        self.skip_step = {"foreach": "words"}

    def post_step(self, step_name, flow, exception=None):
        return exception


class NextArgumentsFlow(FlowSpec):
    @other_list
    @step
    def start(self):
        self.items = [1]
        self.next(self.a, foreach="items")

    @step
    def a(self):
        print(self.input)
        self.next(self.join_a)

    @step
    def join_a(self, inputs):
        self.next(self.fork)

    @other_code
    @step
    def fork(self):
        self.items = [1]
        self.next(self.b, foreach="items")

    @step
    def b(self):
        print(self.input)
        self.next(self.join_b)

    @step
    def join_b(self, inputs):
        self.next(self.fork_again)

    @OtherSkip
    @step
    def fork_again(self):
        self.items = [1]
        self.next(self.c, foreach="items")

    @step
    def c(self):
        print(self.input)
        self.next(self.join_c)

    @step
    def join_c(self, inputs):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    NextArgumentsFlow()
