"""What is to be included must be there.

"if an artifact is specified in `include`, an error will be thrown if it either doesn't exist in the current step or
doesn't exist on one of the inputs" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step
from metaflow.exception import MissingInMergeArtifactsException


class MergeMissingFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.a, self.b)

    @step
    def a(self):
        self.only_a = 1
        self.next(self.join)

    @step
    def b(self):
        self.next(self.join)

    @step
    def join(self, inputs):
        self.mine = 3
        self.merge_artifacts(inputs, include=["mine"])
        try:
            self.merge_artifacts(inputs, include=["only_a"])
            print("one branch is enough")
        except MissingInMergeArtifactsException as error:
            print("caught", error.artifact_names)
        self.merge_artifacts(inputs, include=["nowhere"])
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    MergeMissingFlow()
