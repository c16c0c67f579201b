"""Only what is named is merged.

"the `include` keyword is used and allows you to explicitly specify the artifacts to consider when merging." (Creating
Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class MergeIncludeFlow(FlowSpec):
    @step
    def start(self):
        self.one, self.two = 1, 2
        self.next(self.a, self.b)

    @step
    def a(self):
        self.conflicting = 7
        self.next(self.join)

    @step
    def b(self):
        self.conflicting = 8
        self.next(self.join)

    @step
    def join(self, inputs):
        self.merge_artifacts(inputs, include=["one"])
        print(self.one, hasattr(self, "two"), hasattr(self, "conflicting"))
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    MergeIncludeFlow()
