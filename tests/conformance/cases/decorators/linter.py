"""The linter of the documentation: limits of a config are put upon the resources of all steps, also those of --with.

"This mutator reads the limits through a `Config`, `mutable_flow.limits`, iterates through all decorators of each step
using `step.decorator_specs`, finds the ones where resource limits apply" (Applying Decorators with Mutators)

$ python flow.py run
$ python flow.py run --with resources:memory=640
$ python flow.py run --config-value limits '{"cpu": 1}'
"""

from metaflow import Config, FlowMutator, FlowSpec, resources, step


class flow_linter(FlowMutator):
    def mutate(self, mutable_flow):
        limits = mutable_flow.limits
        for _, mutable_step in mutable_flow.steps:
            for deco_name, _module, _args, attributes in mutable_step.decorator_specs:
                if deco_name in ("kubernetes", "batch", "resources"):
                    for key, limit in limits.items():
                        val = attributes.get(key)
                        if val and float(val) > limit:
                            attributes[key] = limit
                            mutable_step.add_decorator(
                                deco_name, deco_kwargs=attributes, duplicates=mutable_step.OVERRIDE
                            )


@flow_linter
class LinterFlow(FlowSpec):
    limits = Config("limits", default_value='{"cpu": 2, "memory": 160}')

    @resources(cpu=16)
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        self.attributes = [
            [(d["attributes"]["cpu"], d["attributes"]["memory"]) for d in told["decorators"]]
            for _, told in sorted(self._graph_info["steps"].items())
        ]


if __name__ == "__main__":
    LinterFlow()
