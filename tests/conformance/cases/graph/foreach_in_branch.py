"""A foreach in one branch of a split.

"You can nest foreaches and combine them with branches and linear steps arbitrarily." (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class ForeachInBranchFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.fan, self.plain)

    @step
    def fan(self):
        self.items = [1, 2]
        self.next(self.work, foreach="items")

    @step
    def work(self):
        self.y = self.input * 10
        self.next(self.collect)

    @step
    def collect(self, inputs):
        self.y = sum(i.y for i in inputs)
        self.next(self.join)

    @step
    def plain(self):
        self.y = 5
        self.next(self.join)

    @step
    def join(self, inputs):
        self.y = {"collect": inputs.collect.y, "plain": inputs.plain.y}
        self.next(self.end)

    @step
    def end(self):
        print(self.y, self.index, self.input)


if __name__ == "__main__":
    ForeachInBranchFlow()
