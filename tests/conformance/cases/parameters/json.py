"""A parameter may be JSON.

"Metaflow allows you to specify the value as JSON." (Creating Flows)

$ python flow.py run
$ python flow.py run --gdp '{"US": 1, "FI": [2, null]}'
$ python flow.py run --gdp '{"US": '
"""

from metaflow import FlowSpec, JSONType, Parameter, step


class JsonFlow(FlowSpec):
    gdp = Parameter("gdp", help="Country-GDP Mapping", type=JSONType, default='{"US": 1939}')

    @step
    def start(self):
        print(self.gdp)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    JsonFlow()
