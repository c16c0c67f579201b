"""A conflict is refused.

"The `merge_artifacts` function will raise an exception if an artifact that it should merge has an ambiguous value."
(Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class MergeConflictFlow(FlowSpec):
    @step
    def start(self):
        self.items = [1, 2]
        self.next(self.a, foreach="items")

    @step
    def a(self):
        self.x = self.input
        self.y = -self.input
        self.next(self.join)

    @step
    def join(self, inputs):
        from metaflow.exception import UnhandledInMergeArtifactsException

        try:
            self.merge_artifacts(inputs)
        except UnhandledInMergeArtifactsException as error:
            print("caught", sorted(error.artifact_names))
        self.merge_artifacts(inputs, exclude=["x"])
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    MergeConflictFlow()
