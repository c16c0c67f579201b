"""A flow of one step, the first and the last.

"every flow needs a step called `start` and a step called `end`." (Creating Flows; step(start=True, end=True) is both)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class SingleStepFlow(FlowSpec):
    @step(start=True, end=True)
    def only(self):
        self.x = 1
        print("only")


if __name__ == "__main__":
    SingleStepFlow()
