"""Static branches by name.

"To disambiguate the branches, the join step can refer to a specific step in the branch" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class InputsByNameFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.zebra, self.ant, self.mole)

    @step
    def zebra(self):
        self.x = "zebra"
        self.next(self.join)

    @step
    def ant(self):
        self.x = "ant"
        self.next(self.join)

    @step
    def mole(self):
        self.x = "mole"
        self.next(self.join)

    @step
    def join(self, inputs):
        self.order = sorted(i.x for i in inputs)  # in which order is not said
        print(inputs.ant.x, inputs.zebra.x, inputs.mole.x)
        try:
            inputs.nobody
        except AttributeError:
            print("no nobody")
        self.next(self.end)

    @step
    def end(self):
        print(self.order)


if __name__ == "__main__":
    InputsByNameFlow()
