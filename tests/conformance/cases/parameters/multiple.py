"""Parameters that may be given several times.

"The parameter value is converted to a Python type based on the `type` argument or to match the type of `default`, if
it is set." (Parameter)

$ python flow.py run
$ python flow.py run --names x --names y,z --counts 3 --counts=4 --data '{"a": 1}' --data '[2]' --least 5
$ METAFLOW_RUN_NAMES='p q' METAFLOW_RUN_COUNTS='7 8' python flow.py run
$ python flow.py run --counts x
$ FAIL=1 python flow.py run --names a --counts 1
$ python flow.py resume
"""

import os

from metaflow import FlowSpec, JSONType, Parameter, step


class MultipleFlow(FlowSpec):
    names = Parameter("names", multiple=True)
    counts = Parameter("counts", multiple=True, type=int, help="How many")
    least = Parameter("least", multiple=True, type=int, default=[1, 2])
    words = Parameter("words", multiple=True, type=str, default=("u", "v w"))
    data = Parameter("data", multiple=True, type=JSONType)
    nothing = Parameter("nothing", multiple=True, default=None)

    @step
    def start(self):
        print(self.names, self.counts, self.least, self.words, self.data, self.nothing)
        self.next(self.items, foreach="words")

    @step
    def items(self):
        self.next(self.join)

    @step
    def join(self, inputs):
        if "FAIL" in os.environ:
            raise ValueError("as asked")
        print(type(self.counts).__name__, self.counts)
        self.next(self.end)

    @step
    def end(self):
        print(self.names, self.counts)


if __name__ == "__main__":
    MultipleFlow()
