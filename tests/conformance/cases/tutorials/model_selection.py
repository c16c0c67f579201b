"""The shape of a search for the best model: a grid, caught failures, the best is taken.

"this can happen with a step inside a foreach loop that iterates over unknown data, such as the results of a query or a
parameter matrix." (Dealing with Failures)

$ python flow.py run
"""

import numpy
from metaflow import FlowSpec, Parameter, catch, retry, step


class Ridge:
    def __init__(self, alpha):
        if alpha < 0:
            raise ValueError("alpha must not be negative")
        self.alpha = alpha

    def fit(self, x, y):
        self.weights = numpy.linalg.solve(x.T @ x + self.alpha * numpy.eye(x.shape[1]), x.T @ y)
        return self

    def score(self, x, y):
        return round(float(((x @ self.weights - y) ** 2).mean()), 6)

    def __repr__(self):
        return "Ridge(%s)" % self.alpha


class ModelSelectionFlow(FlowSpec):
    seed = Parameter("seed", default=1)

    @step
    def start(self):
        random = numpy.random.RandomState(self.seed)
        self.x = random.rand(40, 3)
        self.y = self.x @ numpy.array([1.0, 2.0, 3.0])
        self.alphas = [0.01, -1.0, 10.0]
        self.next(self.train, foreach="alphas")

    @catch(var="failed", print_exception=False)
    @retry(times=0)
    @step
    def train(self):
        self.alpha = self.input
        self.model = Ridge(self.alpha).fit(self.x[:30], self.y[:30])
        self.loss = self.model.score(self.x[30:], self.y[30:])
        self.next(self.choose)

    @step
    def choose(self, inputs):
        good = [i for i in inputs if not i.failed]
        best = min(good, key=lambda i: i.loss)
        self.model, self.losses = best.model, {i.alpha: i.loss for i in good}
        self.failures = {i.alpha: i.failed.exception for i in inputs if i.failed}
        self.next(self.end)

    @step
    def end(self):
        print(self.model, self.losses, self.failures)


if __name__ == "__main__":
    ModelSelectionFlow()
