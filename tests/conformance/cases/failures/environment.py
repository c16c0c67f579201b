"""Variables for a step.

"Specifies environment variables to be set prior to the execution of a step." (environment decorator)

$ python flow.py run
"""

import os

from metaflow import FlowSpec, environment, step


class EnvironmentFlow(FlowSpec):
    @environment(vars={"MY_ENV": "value", "OTHER": "x"})
    @step
    def start(self):
        print(os.environ["MY_ENV"], os.environ["OTHER"])
        self.next(self.end)

    @step
    def end(self):
        print("MY_ENV" in os.environ)


if __name__ == "__main__":
    EnvironmentFlow()
