"""An object of a class, changed step by step.

"they behave as any normal instance variables" (Creating Flows)

$ python flow.py run
"""

from metaflow import FlowSpec, step


class Model:
    def __init__(self):
        self.weights = [0]

    def train(self):
        self.weights.append(len(self.weights))
        return self

    def __repr__(self):
        return "Model(%s)" % self.weights


class LoadedClassFlow(FlowSpec):
    @step
    def start(self):
        self.model = Model()
        self.best = self.model
        self.next(self.middle)

    @step
    def middle(self):
        self.model.train()
        self.next(self.end)

    @step
    def end(self):
        print(self.model.train(), self.best)


if __name__ == "__main__":
    LoadedClassFlow()
