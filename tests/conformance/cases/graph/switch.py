"""A switch goes one way; the ways meet again in a step.

"The value of the condition variable determines which step to execute." (FlowSpec.next)

$ python flow.py run
$ python flow.py run --way fast
"""

from metaflow import FlowSpec, Parameter, step


class SwitchFlow(FlowSpec):
    way = Parameter("way", default="slow")

    @step
    def start(self):
        self.mode = self.way
        self.next({"slow": self.slow, "fast": self.fast}, condition="mode")

    @step
    def slow(self):
        self.x = "slow"
        self.next(self.meet)

    @step
    def fast(self):
        self.x = "fast"
        self.next(self.meet)

    @step
    def meet(self):
        print("came", self.x)
        self.next(self.end)

    @step
    def end(self):
        print(self.x, self.mode)


if __name__ == "__main__":
    SwitchFlow()
