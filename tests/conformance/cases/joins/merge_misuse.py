"""Both lists at once, and merging where nothing is joined.

"You cannot use both an `include` and `exclude` list in the same `merge_artifacts` call." (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step
from metaflow.exception import MetaflowException


class MergeMisuseFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.a, self.b)

    @step
    def a(self):
        try:
            self.merge_artifacts([])
        except MetaflowException as error:
            print("caught", type(error).__name__)
        self.next(self.join)

    @step
    def b(self):
        self.next(self.join)

    @step
    def join(self, inputs):
        try:
            self.merge_artifacts(inputs, include=["a"], exclude=["b"])
        except MetaflowException as error:
            print("caught", type(error).__name__)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    MergeMisuseFlow()
