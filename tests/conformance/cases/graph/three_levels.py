"""Three foreaches in each other.

"You can nest foreaches and combine them with branches and linear steps arbitrarily." (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class ThreeLevelsFlow(FlowSpec):
    @step
    def start(self):
        self.xs = ["a"]
        self.next(self.one, foreach="xs")

    @step
    def one(self):
        self.ys = (self.input + "1", self.input + "2")
        self.next(self.two, foreach="ys")

    @step
    def two(self):
        self.zs = {self.input + "!"}
        self.next(self.three, foreach="zs")

    @step
    def three(self):
        self.found = self.foreach_stack()
        print(self)
        self.next(self.join_three)

    @step
    def join_three(self, inputs):
        self.found = [i.found for i in inputs]
        self.next(self.join_two)

    @step
    def join_two(self, inputs):
        self.found = [i.found for i in inputs]
        self.next(self.join_one)

    @step
    def join_one(self, inputs):
        self.found = [i.found for i in inputs]
        self.next(self.end)

    @step
    def end(self):
        print(self.found)


if __name__ == "__main__":
    ThreeLevelsFlow()
