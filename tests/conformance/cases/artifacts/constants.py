"""Class constants are seen everywhere and cannot be set.

"Parameter variables are automatically available in all steps" (Creating Flows; class variables too)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class ConstantsFlow(FlowSpec):
    number = 3
    words = ["a", "b"]

    @step
    def start(self):
        print(self.number, self.words)
        try:
            self.number = 4
        except AttributeError as error:
            print("cannot be set")
        self.next(self.end)

    @step
    def end(self):
        print(self.number, self.words)


if __name__ == "__main__":
    ConstantsFlow()
