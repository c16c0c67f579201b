"""What a module prints while it is imported.

"You can execute Metaflow flows on the command line like any other Python scripts." (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step

print("imported")


class ImportedOnceFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    ImportedOnceFlow()
