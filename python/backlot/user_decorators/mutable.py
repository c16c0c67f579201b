"""What mutators are handed: a step and a flow, as they can be changed before the run."""

from backlot import decorators
from backlot.config import ConfigValue
from backlot.parameters import Parameter
from backlot.user_decorators import specs
from backlot.user_decorators.common import Custom
from backlot.user_decorators.flow_mutators import FlowMutator
from backlot.user_decorators.step_decorators import StepMutator


class _Mutable:
    """`by` is the mutator that asks; `early`: it does so in `pre_mutate`."""

    IGNORE, ERROR, OVERRIDE = 1, 2, 3

    def __init__(self, program, by, early):
        self._program, self._by, self._early = program, by, early

    @property
    def decorator_specs(self):
        """(name, full name, positional arguments, arguments by name) of each decorator."""
        for decorator in self._all():
            yield specs.described(decorator)

    def has_decorator(self, name):
        return any(specs.is_called(decorator, name) for decorator in self._all())

    def get_decorator_specs(self, name):
        """The same as `decorator_specs`, of those that are called so."""
        return [specs.described(decorator) for decorator in self._all() if specs.is_called(decorator, name)]

    def _all(self):
        """The decorators that are there now."""
        raise NotImplementedError

    def _only_early(self, what):
        if not self._early:
            raise specs.failure(f"{what} is only possible in the method `pre_mutate`, not in `mutate`.")

    def _make(self, kind, is_for_flows, args, kwargs):
        new = specs.make(kind, is_for_flows, args, kwargs)
        if not isinstance(new, Custom):
            new.inserted_by, new.statically_defined = self._names(), self._is_static()
            new.init(self._program.configs)
        return new

    def _names(self):
        return [type(self._by).decorator_name]

    def _resolve(self, new, duplicates, what, error):
        """Whether `new` is to be added, and those that it replaces."""
        if duplicates not in (self.IGNORE, self.ERROR, self.OVERRIDE):
            raise specs.failure(f"duplicates= is IGNORE, ERROR or OVERRIDE, not {duplicates!r}.")
        same = [d for d in self._all() if specs.full_name(d) == specs.full_name(new)]
        if not same or getattr(new, "allow_multiple", False):
            return True, []
        if duplicates == self.ERROR and self._is_static():
            text = f"already has a decorator '{specs.short_name(new)}'. You can specify this decorator only once."
            raise specs.failure(f"{what} {text}", error)
        return duplicates == self.OVERRIDE, same

    def _is_static(self):
        return self._by._statically_defined

    def _begin(self, new):
        if isinstance(new, Custom):
            new._inserted_by, new._statically_defined = self._names(), self._is_static()
            new._begin_with(self._program.configs)


class MutableStep(_Mutable):
    def __init__(self, program, node, by, early):
        super().__init__(program, by, early)
        self._node = node

    @property
    def flow(self):
        return MutableFlow(self._program, self._by, self._early)

    def _all(self):
        node = self._node
        return [*node.decorators, *node.wrappers, *(m for m in node.mutators if m not in node.wrappers)]

    def add_decorator(self, deco_type, deco_args=None, deco_kwargs=None, duplicates=_Mutable.IGNORE):
        """Adds a decorator. Returns it, or None when there is one already and that is to stay."""
        new = self._make(deco_type, False, deco_args, deco_kwargs)
        if isinstance(new, StepMutator):
            self._only_early(f"Adding the step mutator '{specs.short_name(new)}'")
        wanted, replaced = self._resolve(
            new, duplicates, f"Step '{self._node.name}'", decorators.DuplicateStepDecoratorException
        )
        if not wanted:
            return None
        self._take_out(replaced)
        self._begin(new)
        if isinstance(new, Custom):
            new._stand_at(self._node)
        else:
            self._node.decorators.append(new)
        return new

    def remove_decorator(self, deco_name, deco_args=None, deco_kwargs=None):
        """Takes out every decorator of this name, or of these arguments. Whether there was one."""
        found = [d for d in self._all() if specs.is_same(d, deco_name, deco_args, deco_kwargs)]
        if any(isinstance(d, StepMutator) for d in found):
            self._only_early(f"Removing the step mutator '{deco_name}'")
        self._take_out(found)
        return bool(found)

    def _take_out(self, found):
        node = self._node
        for field in (node.decorators, node.wrappers, node.mutators):
            field[:] = [d for d in field if not any(d is f for f in found)]


class MutableFlow(_Mutable):
    """A flow. Its steps, parameters and configs are its attributes, too."""

    def _all(self):
        return [*self._program.decorators, *self._program.flow_mutators]

    # --- what there is ----------------------------------------------------------------------------------------------

    @property
    def configs(self):
        """(name, value) of each config."""
        for parameter in self._program.config_parameters:
            yield parameter.name, self._program.configs[parameter.name]

    @property
    def parameters(self):
        """(name, Parameter) of each parameter."""
        yield from self._program.parameters

    @property
    def steps(self):
        """(name, MutableStep) of each step."""
        for node in self._program.graph:
            yield node.name, self._step(node)

    def _step(self, node):
        return MutableStep(self._program, node, self._by, self._early)

    def __getattr__(self, name):
        if not name.startswith("_"):
            if name in self._program.graph:
                return self._step(self._program.graph[name])
            for attribute, parameter in self._program.inputs:
                if attribute == name:
                    return self._program.configs[parameter.name] if parameter.IS_CONFIG_PARAMETER else parameter
            if isinstance(self._program.configs.get(name), ConfigValue):
                return self._program.configs[name]
        raise AttributeError(f"Flow {self._program.name} has no step, parameter or config '{name}'")

    # --- what can be changed ----------------------------------------------------------------------------------------

    def add_parameter(self, name, value, overwrite=False):
        self._only_early(f"Adding the parameter '{name}'")
        flow = self._program.flow
        if not isinstance(value, Parameter) or value.IS_CONFIG_PARAMETER:
            raise specs.failure(f"Only a Parameter or an IncludeFile can be added by add_parameter; got {value!r}.")
        there = getattr(flow, name, None)
        if hasattr(flow, name) and not (overwrite and isinstance(there, Parameter)):
            hint = " Set overwrite=True to replace it." if isinstance(there, Parameter) else " Choose another name."
            raise specs.failure(f"Flow '{flow.__name__}' already has a class member '{name}'.{hint}")
        setattr(flow, name, value)
        self._program.read_inputs()

    def remove_parameter(self, parameter_name):
        """Takes a parameter out, by the name that it has on the command line. Whether there was one."""
        self._only_early(f"Removing the parameter '{parameter_name}'")
        found = [attribute for attribute, p in self._program.parameters if p.name == parameter_name]
        for attribute in found:
            for base in self._program.flow.__mro__:
                if attribute in vars(base):
                    delattr(base, attribute)
        self._program.read_inputs()
        return bool(found)

    def add_decorator(self, deco_type, deco_args=None, deco_kwargs=None, duplicates=_Mutable.IGNORE):
        """Adds a decorator or a FlowMutator. Returns it, or None when there is one already and that is to stay."""
        name = deco_type if isinstance(deco_type, str) else getattr(deco_type, "__name__", deco_type)
        self._only_early(f"Adding the flow decorator '{name}'")
        new = self._make(deco_type, True, deco_args, deco_kwargs)
        wanted, replaced = self._resolve(
            new, duplicates, f"Flow '{self._program.name}'", decorators.DuplicateFlowDecoratorException
        )
        if not wanted:
            return None
        if isinstance(new, FlowMutator):
            self._keep_mutators(replaced)
        self._take_out(replaced)
        self._begin(new)
        (self._program.flow_mutators if isinstance(new, FlowMutator) else self._program.decorators).append(new)
        return new

    def remove_decorator(self, deco_name, deco_args=None, deco_kwargs=None):
        """Takes out every decorator of this name, or of these arguments. Whether there was one."""
        self._only_early(f"Removing the flow decorator '{deco_name}'")
        found = [d for d in self._all() if specs.is_same(d, deco_name, deco_args, deco_kwargs)]
        self._keep_mutators(found)
        self._take_out(found)
        return bool(found)

    def _keep_mutators(self, found):
        for mutator in found:
            if isinstance(mutator, FlowMutator):
                name = specs.short_name(mutator)
                raise specs.failure(f"FlowMutator '{name}' cannot be removed: mutators are already being called.")

    def _take_out(self, found):
        self._program.decorators[:] = [d for d in self._program.decorators if not any(d is f for f in found)]
