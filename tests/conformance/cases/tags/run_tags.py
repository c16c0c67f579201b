"""Tags given when the run begins.

"You can add multiple tags with multiple `--tag` options." (Organizing Results)

$ python flow.py run --tag crazy_test --tag other:1
"""

from metaflow import FlowSpec, current, step


class RunTagsFlow(FlowSpec):
    @step
    def start(self):
        print(sorted(t for t in current.tags if t in ("crazy_test", "other:1")))
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    RunTagsFlow()
