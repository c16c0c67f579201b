"""Steps with too many and too few arguments.

"it must take an extra argument, like `inputs` above." (Creating Flows)

$ python flow.py run
$ sed -i 's/self, one, two/ /' flow.py && python flow.py run
"""

from metaflow import FlowSpec, step


class ArgumentsFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.a)

    @step
    def a(self, one, two):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    ArgumentsFlow()
