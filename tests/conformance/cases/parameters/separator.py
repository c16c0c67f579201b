"""A list in one text.

"separator: If the parameter's type is `str`, this specifies a separator to split the string into a list" (Parameter)

$ python flow.py run
$ python flow.py run --names x,y,z
"""

from metaflow import FlowSpec, Parameter, step


class SeparatorFlow(FlowSpec):
    names = Parameter("names", default="a,b", separator=",")

    @step
    def start(self):
        print(self.names)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    SeparatorFlow()
