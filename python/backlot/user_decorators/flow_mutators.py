"""What authors write mutators of flows with."""

from backlot.decorators import BadFlowDecoratorException
from backlot.user_decorators.common import Custom, CustomMeta, checked


class FlowMutatorMeta(CustomMeta):
    _is_for_flows = True


class FlowMutator(Custom, metaclass=FlowMutatorMeta):
    """Changes a flow, its parameters and decorators before the run: derive from it and write `pre_mutate`, `mutate`."""

    def __call__(self, flow):
        checked(self)
        if not self._is_target(flow):
            raise self._failure(
                f"@{type(self).__name__} stands above a flow, a class derived from FlowSpec; {flow!r} is none.",
                BadFlowDecoratorException,
            )
        flow._flow_mutators = [*vars(flow).get("_flow_mutators", ()), self]
        return flow

    @classmethod
    def _is_target(cls, thing):
        return isinstance(thing, type) and hasattr(thing, "_step_functions")

    def pre_mutate(self, mutable_flow):
        """When the configs are known."""

    def mutate(self, mutable_flow):
        """When the command line is known. From here on only the decorators of steps can be changed."""
