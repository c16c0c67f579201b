"""Decorators as classes: init takes the arguments, pre_step and post_step stand around the step.

"Implement this method if your UserStepDecorator takes arguments. It replaces the __init__ method in traditional Python
classes." "A dictionary with values to pass to `self.next()`. If an empty dictionary is returned, the default arguments
to `self.next()` for this step will be used." (UserStepDecorator)

$ python flow.py run
"""

from metaflow import Config, FlowSpec, UserStepDecorator, config_expr, step

calls = []


class Told(UserStepDecorator):
    def init(self, *args, **kwargs):
        self.given = kwargs

    def pre_step(self, step_name, flow, inputs=None):
        calls.append(("pre", step_name, self.given, inputs is None))

    def post_step(self, step_name, flow, exception=None):
        calls.append(("post", step_name, self.given, repr(exception)))
        flow.calls = list(calls)
        return exception


class Ends(UserStepDecorator):
    def init(self, how):
        self.how = how

    def post_step(self, step_name, flow, exception=None):
        if self.how == "keep":
            return None
        if self.how == "next":
            return None, {}
        if self.how == "other":
            return KeyError("other")
        return exception, None


class Skips(UserStepDecorator):
    def pre_step(self, step_name, flow, inputs=None):
        self.skip_step = True

    def post_step(self, step_name, flow, exception=None):
        return exception


class Plain(UserStepDecorator):
    pass


class ClassesFlow(FlowSpec):
    config = Config("config", default_value='{"a": {"b": 3}}')

    @Told(a=config.a, b=config_expr("config.a.b + 1"))
    @Ends(how="keep")
    @Ends(how="other")
    @Told
    @step
    def start(self):
        raise ValueError("hello")
        self.next(self.kept)

    @Plain
    @Ends(how="next")
    @step
    def kept(self):
        raise ValueError("hello")
        self.next(self.skipped)

    @Told
    @Skips()
    @step
    def skipped(self):
        self.never = True
        self.next(self.left, self.right)

    @Plain()
    @step
    def left(self):
        self.next(self.join)

    @step
    def right(self):
        self.next(self.join)

    @Told(at="join")
    @Plain
    @step
    def join(self, inputs):
        self.next(self.end)

    @Ends(how="pair")
    @Ends(how="other")
    @step
    def end(self):
        print("the end")


if __name__ == "__main__":
    ClassesFlow()
