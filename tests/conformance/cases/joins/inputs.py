"""Inputs by number, in order, by name; each is a flow with its artifacts.

"you can also iterate over all steps in the branch using `inputs`" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class InputsFlow(FlowSpec):
    @step
    def start(self):
        self.items = ["a", "b", "c"]
        self.next(self.a, foreach="items")

    @step
    def a(self):
        self.x = self.input.upper()
        if self.input == "b":
            self.extra = 1
        self.next(self.join)

    @step
    def join(self, inputs):
        print(len(list(inputs)), [i.x for i in inputs], [i.x for i in inputs])
        print(inputs[1].x, [i.index for i in inputs], [i.input for i in inputs])
        print([hasattr(i, "extra") for i in inputs], [i.items for i in inputs][0])
        print([i.foreach_stack() for i in inputs])
        try:
            inputs[3]
        except IndexError:
            print("no fourth")
        try:
            inputs[0].nothing
        except AttributeError as error:
            print("AttributeError")
        self.xs = [i.x for i in inputs]
        self.next(self.end)

    @step
    def end(self):
        print(self.xs, hasattr(self, "items"))


if __name__ == "__main__":
    InputsFlow()
