"""Steps of a base class, one of them overridden.

"Individual flows in the project then inherit from `BaseFlow`, automatically gaining access to the common
functionality" (The BaseFlow Pattern)

$ python flow.py run --alpha 3
"""

from metaflow import FlowSpec, Parameter, step


class Base(FlowSpec):
    alpha = Parameter("alpha", default=1)
    constant = "base"

    def helper(self):
        return self.alpha * 2

    @step
    def start(self):
        self.x = self.helper()
        self.next(self.middle)

    @step
    def middle(self):
        self.who = "base"
        self.next(self.end)

    @step
    def end(self):
        print(self.x, self.who, self.constant)


class BaseStepsFlow(Base):
    constant = "derived"

    @step
    def middle(self):
        self.who = "derived"
        self.next(self.end)


if __name__ == "__main__":
    BaseStepsFlow()
