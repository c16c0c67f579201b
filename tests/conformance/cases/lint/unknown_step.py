"""A step that goes to one that is not there.

"`next_step` is a method in the current class decorated with the `@step` decorator." (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class UnknownStepFlow(FlowSpec):
    @step
    def start(self):
        self.x = 1
        self.next(self.middle)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    UnknownStepFlow()
