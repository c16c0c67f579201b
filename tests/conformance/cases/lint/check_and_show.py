"""`check` and `show`.

"prints out the steps of your flow." (Creating Flows)

$ python flow.py check
$ python flow.py show
"""

from metaflow import FlowSpec, step


class CheckAndShowFlow(FlowSpec):
    """What the flow is for."""

    @step
    def start(self):
        """Begins."""
        self.items = [1]
        self.next(self.a, foreach="items")

    @step
    def a(self):
        """Works.

        On two paragraphs.
        """
        self.next(self.join)

    @step
    def join(self, inputs):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    CheckAndShowFlow()
