"""Each item goes its own way; the join takes whatever arrives.

"The value of the condition variable determines which step to execute." (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class SwitchInForeachFlow(FlowSpec):
    @step
    def start(self):
        self.items = [1, 2]
        self.next(self.look, foreach="items")

    @step
    def look(self):
        self.kind = "odd" if self.input % 2 else "even"
        self.next({"odd": self.odd, "even": self.even}, condition="kind")

    @step
    def odd(self):
        self.r = "odd %d" % self.input
        self.next(self.join)

    @step
    def even(self):
        self.r = "even %d" % self.input
        self.next(self.join)

    @step
    def join(self, inputs):
        self.rs = sorted(i.r for i in inputs)  # in which order is not said
        self.next(self.end)

    @step
    def end(self):
        print(self.rs)


if __name__ == "__main__":
    SwitchInForeachFlow()
