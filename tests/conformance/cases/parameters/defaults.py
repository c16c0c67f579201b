"""Parameters have the type of their default.

"Parameters are typed based on the type of their default value." (Creating Flows)

$ python flow.py run
$ python flow.py run --number 5 --real 2 --text 7 --flag true
$ python flow.py run --flag False --number -3
"""

from metaflow import FlowSpec, Parameter, step


class DefaultsFlow(FlowSpec):
    number = Parameter("number", default=1)
    real = Parameter("real", default=0.5, help="a real number")
    text = Parameter("text", default="t")
    flag = Parameter("flag", default=False)
    nothing = Parameter("nothing")

    @step
    def start(self):
        print([(v, type(v).__name__) for v in (self.number, self.real, self.text, self.flag, self.nothing)])
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    DefaultsFlow()
