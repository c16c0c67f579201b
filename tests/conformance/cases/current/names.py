"""Which names `current` tells, and where the constants of a class can be read.

"a singleton object `current` that represents the identity of the currently running task." (Organizing Results);
"Parameter variables are automatically available in all steps" (Creating Flows; class variables too)

$ python flow.py run --tag t --tag u
"""

from metaflow import FlowSpec, Parameter, Run, current, step


class Base(FlowSpec):
    inherited = {"k": 1}


class NamesFlow(Base):
    alpha = Parameter("alpha", default=1)
    beta = Parameter("beta-two", default="b")
    number = 3
    table = [1, 2]
    nothing = None
    _private = 7

    @step
    def start(self):
        print(current.parameter_names, type(current.parameter_names).__name__)
        print(sorted(current.tags), type(current.tags).__name__)
        print(self.number, self.table, self.nothing, self.inherited, self._private)
        self.table.append(3)
        for name in ("number", "inherited"):
            try:
                setattr(self, name, 9)
            except AttributeError:
                print("fixed:", name)
        self.next(self.end)

    @step
    def end(self):
        print(self.table, self._graph_info["parameters"], self._graph_info["constants"])
        run = Run("%s/%s" % (current.flow_name, current.run_id))
        print(run["start"].task.data.number, run["_parameters"].task.data.inherited)


if __name__ == "__main__":
    NamesFlow()
