"""What a join changes in its inputs is for itself.

"the join step can refer to a specific step in the branch" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class ChangedInputsFlow(FlowSpec):
    @step
    def start(self):
        self.items = [1, 2, 3]
        self.common = ["c"]
        self.next(self.a, foreach="items")

    @step
    def a(self):
        self.x = [self.input]
        self.next(self.join)

    @step
    def join(self, inputs):
        for i in inputs:
            i.score = -i.x[0]
            i.common.append("changed")
        best = max(inputs, key=lambda i: i.score)
        print(best.x, [i.score for i in inputs], inputs[0] is inputs[0], inputs[-1].x, [i.x for i in inputs[:2]])
        self.merge_artifacts(inputs, exclude=["x"])
        print(self.common, hasattr(self, "score"))
        self.x = best.x
        self.next(self.end)

    @step
    def end(self):
        print(self.x, self.common)


if __name__ == "__main__":
    ChangedInputsFlow()
