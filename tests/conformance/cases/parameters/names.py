"""Dashes and capitals in names; the environment may give values.

"You can set the parameter values on the command line" (Creating Flows)

$ python flow.py run --learning-rate 0.1 --CAPITAL x
$ METAFLOW_RUN_LEARNING_RATE=0.3 python flow.py run
"""

from metaflow import FlowSpec, Parameter, step


class NamesFlow(FlowSpec):
    rate = Parameter("learning-rate", default=0.5)
    capital = Parameter("CAPITAL", default="c")

    @step
    def start(self):
        print(self.rate, self.capital)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    NamesFlow()
