"""A self.next that cannot be read.

"Raised if the format of the arguments does not match one of the ones given above." (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class InvalidNextFlow(FlowSpec):
    @step
    def start(self):
        where = "end"
        self.next(getattr(self, where))

    @step
    def end(self):
        pass


if __name__ == "__main__":
    InvalidNextFlow()
