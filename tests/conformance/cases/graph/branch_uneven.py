"""Branches of different length; a branch is called by its last step.

"iterate over all steps in the branch using `inputs`" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class BranchUnevenFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.short, self.long)

    @step
    def short(self):
        self.trace = ["short"]
        self.next(self.join)

    @step
    def long(self):
        self.trace = ["long"]
        self.next(self.longer)

    @step
    def longer(self):
        self.trace.append("longer")
        self.next(self.join)

    @step
    def join(self, inputs):
        print(inputs.short.trace, inputs.longer.trace)
        print("by the name of a step that is not the last:", hasattr(inputs, "long"))
        self.traces = sorted(i.trace for i in inputs)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    BranchUnevenFlow()
