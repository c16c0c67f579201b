"""A default may be a function, called when the run begins.

"default: ... A function can be given which is evaluated when the flow is deployed" (Parameter)

$ python flow.py run
$ python flow.py run --when now
"""

from metaflow import FlowSpec, Parameter, step


def moment(context):
    return "made by %s for %s" % (context.flow_name, context.parameter_name)


class FunctionDefaultFlow(FlowSpec):
    when = Parameter("when", default=moment)
    count = Parameter("count", default=lambda context: 3, type=int)

    @step
    def start(self):
        print(self.when, self.count)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    FunctionDefaultFlow()
