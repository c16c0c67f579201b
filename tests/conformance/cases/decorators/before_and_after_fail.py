"""What a decorator raises before the step is told to nobody; after it, to those around.

"If the step (or any code being wrapped by this decorator) raises an exception, it will be passed here and can either be
caught (in which case the step will be considered as successful) or re-raised" (UserStepDecorator)

$ WHEN=before python flow.py run
$ WHEN=after python flow.py run
$ WHEN=twice python flow.py run
"""

import os

from metaflow import FlowSpec, step, user_step_decorator


@user_step_decorator
def around(step_name, flow, inputs=None, attributes=None):
    try:
        yield
    except Exception as error:
        print("around saw", type(error).__name__)
        raise


@user_step_decorator
def raises(step_name, flow, inputs=None, attributes=None):
    if os.environ["WHEN"] == "before":
        raise ValueError("before")
    yield
    if os.environ["WHEN"] == "after":
        raise ValueError("after")
    yield


class FailFlow(FlowSpec):
    @around
    @raises
    @step
    def start(self):
        self.ran = True
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    FailFlow()
