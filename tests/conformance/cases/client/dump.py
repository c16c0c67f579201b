"""`dump` shows the artifacts of a task.

"inspect data artifacts that were present when the step finished" (Creating Flows)

$ python flow.py run
$ python flow.py dump $RUN/start
$ python flow.py dump $RUN/end --include x
"""

from metaflow import FlowSpec, step


class DumpFlow(FlowSpec):
    @step
    def start(self):
        self.x = [1, 2]
        self.text = "t"
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    DumpFlow()
