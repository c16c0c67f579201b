"""self.next takes no other keywords.

"Raised if the format of the arguments does not match one of the ones given above." (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class NextUnknownKeywordFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.end, when="later")

    @step
    def end(self):
        pass


if __name__ == "__main__":
    NextUnknownKeywordFlow()
