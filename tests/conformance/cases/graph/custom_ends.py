"""First and last step by other names.

"every flow needs a step called `start` and a step called `end`." (Creating Flows; step(start=True) names others)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class CustomEndsFlow(FlowSpec):
    @step(start=True)
    def begin(self):
        self.x = 1
        self.next(self.finish)

    @step(end=True)
    def finish(self):
        print("x", self.x)


if __name__ == "__main__":
    CustomEndsFlow()
