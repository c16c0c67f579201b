"""A switch of one case, and one whose keys are variables.

"The value of the condition variable determines which step to execute." (FlowSpec.next)

$ python flow.py run
$ sed -i 's/{"a": self.end}/{KEY: self.end, "b": self.a}/' flow.py && python flow.py run
"""

from metaflow import FlowSpec, step

KEY = "a"


class SwitchCasesFlow(FlowSpec):
    @step
    def start(self):
        self.go = "a"
        self.next({"a": self.end}, condition="go")

    @step
    def a(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    SwitchCasesFlow()
