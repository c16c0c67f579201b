"""A switch may skip steps and go to the end.

"The value of the condition variable determines which step to execute." (FlowSpec.next)

$ python flow.py run --where all
$ python flow.py run --where skip
$ python flow.py run --where end
"""

from metaflow import FlowSpec, Parameter, step


class SwitchSkipsAheadFlow(FlowSpec):
    where = Parameter("where", default="all")

    @step
    def start(self):
        self.trace = []
        self.go = self.where
        self.next({"all": self.a, "skip": self.b, "end": self.end}, condition="go")

    @step
    def a(self):
        self.trace.append("a")
        self.next(self.b)

    @step
    def b(self):
        self.trace.append("b")
        self.next(self.end)

    @step
    def end(self):
        print(self.trace)


if __name__ == "__main__":
    SwitchSkipsAheadFlow()
