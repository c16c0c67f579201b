"""Parameters are those of the run that is resumed.

"The `resume` command reuses the parameter values that you set with `run` originally." (Debugging Flows)

$ BOO=1 python flow.py run --alpha 5
$ python flow.py resume
$ python flow.py resume --alpha 6
"""

import os

from metaflow import FlowSpec, Parameter, step


class ParametersFlow(FlowSpec):
    alpha = Parameter("alpha", default=1)

    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        print(self.alpha)
        if "BOO" in os.environ:
            raise ValueError("boo")


if __name__ == "__main__":
    ParametersFlow()
