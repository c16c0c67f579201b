"""Step names that are refused.

"Annotate methods that are a part of your Metaflow workflow with the `@step` decorator" (FlowSpec)

$ python flow.py run
$ sed -i 's/Capital/next/g' flow.py && python flow.py run
$ sed -i 's/def next/def index/; s/(self.next)/(self.index)/' flow.py && python flow.py run
"""

from metaflow import FlowSpec, step


class NamesFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.Capital)

    @step
    def Capital(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    NamesFlow()
