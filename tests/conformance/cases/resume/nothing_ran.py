"""There is nothing to resume.

"Metaflow remembers the run number of the last local run" (Debugging Flows)

$ python flow.py resume
$ python flow.py resume --origin-run-id 17
"""

from metaflow import FlowSpec, step


class NothingRanFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    NothingRanFlow()
