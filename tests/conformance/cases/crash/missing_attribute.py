"""A step reads what no step has set.

"they behave as any normal instance variables" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class MissingFlow(FlowSpec):
    @step
    def start(self):
        self.helper()
        self.next(self.end)

    def helper(self):
        print(self.nope)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    MissingFlow()
