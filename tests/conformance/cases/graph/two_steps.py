"""The smallest flow.

"every flow needs a step called `start` and a step called `end`." (Creating Flows)

$ python flow.py run
$ python flow.py --quiet run
$ python flow.py run --max-workers 1
"""

from metaflow import FlowSpec, step


class TwoStepsFlow(FlowSpec):
    @step
    def start(self):
        print("in start")
        self.next(self.end)

    @step
    def end(self):
        print("in end")


if __name__ == "__main__":
    TwoStepsFlow()
