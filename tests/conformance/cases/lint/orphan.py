"""A step to which nothing leads.

"An execution of the flow, which we call a run, starts at `start`." (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class OrphanFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def lonely(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    OrphanFlow()
