"""A step that goes elsewhere than its last line says.

"Raised if the format of the arguments does not match one of the ones given above." (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class NextElsewhereFlow(FlowSpec):
    @step
    def start(self):
        if True:
            self.next(self.b)
            return
        self.next(self.a)

    @step
    def a(self):
        self.next(self.b)

    @step
    def b(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    NextElsewhereFlow()
