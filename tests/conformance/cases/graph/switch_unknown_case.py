"""A switch whose value has no case fails.

"If the value doesn't match any of the dictionary keys, a RuntimeError is raised." (FlowSpec.next)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class SwitchUnknownCaseFlow(FlowSpec):
    @step
    def start(self):
        self.mode = "other"
        self.next({"slow": self.slow, "fast": self.end}, condition="mode")

    @step
    def slow(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    SwitchUnknownCaseFlow()
