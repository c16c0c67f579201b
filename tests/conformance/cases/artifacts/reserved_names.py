"""Names that a flow has itself.

"they behave as any normal instance variables" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class ReservedNamesFlow(FlowSpec):
    @step
    def start(self):
        for name in ("name", "cmd", "input", "index", "script_name", "foreach_stack", "merge_artifacts", "step", "run"):
            try:
                setattr(self, name, "mine")
                print(name, "can be set")
            except AttributeError:
                print(name, "cannot be set")
        self.next(self.end)

    @step
    def end(self):
        print(self.name, getattr(self, "step", None), getattr(self, "run", None))


if __name__ == "__main__":
    ReservedNamesFlow()
