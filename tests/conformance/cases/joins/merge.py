"""merge_artifacts as the guide tells it.

"`from_a` is propagated because it is only set in one branch and therefore is unambiguous." (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class MergeFlow(FlowSpec):
    @step
    def start(self):
        self.pass_down = "a"
        self.next(self.a, self.b)

    @step
    def a(self):
        self.common = [5]
        self.x = 1
        self.y = 3
        self.from_a = 6
        self.next(self.join)

    @step
    def b(self):
        self.common = [5]
        self.x = 2
        self.y = 4
        self.next(self.join)

    @step
    def join(self, inputs):
        self.x = inputs.a.x
        self.merge_artifacts(inputs, exclude=["y"])
        print("x is %s" % self.x)
        print("pass_down is %s" % self.pass_down)
        print("common is %s" % self.common)
        print("from_a is %d" % self.from_a)
        print("has y", hasattr(self, "y"))
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    MergeFlow()
