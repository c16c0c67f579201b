"""The shape of the first tutorial.

"An execution of the flow, which we call a run, starts at `start`." (Creating Flows)

$ python flow.py show
$ python flow.py run
"""

from metaflow import FlowSpec, step


class HelloFlow(FlowSpec):
    """A flow that greets."""

    @step
    def start(self):
        """Begins; every flow has such a step."""
        print("HelloFlow is starting.")
        self.next(self.hello)

    @step
    def hello(self):
        """Says hi."""
        print("Backlot says: Hi!")
        self.next(self.end)

    @step
    def end(self):
        """Ends."""
        print("HelloFlow is all done.")


if __name__ == "__main__":
    HelloFlow()
