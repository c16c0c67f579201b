"""MetaflowException: a failure without a traceback.

"Metaflow stops execution of the flow when a step fails." (Dealing with Failures)

$ python flow.py run
"""

from metaflow import FlowSpec, step
from metaflow.exception import MetaflowException


class MetaflowExceptionFlow(FlowSpec):
    @step
    def start(self):
        raise MetaflowException("told plainly")
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    MetaflowExceptionFlow()
