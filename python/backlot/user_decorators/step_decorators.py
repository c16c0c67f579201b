"""What authors write decorators and mutators of steps with."""

import inspect
import os

from backlot import source_location
from backlot.decorators import BadStepDecoratorException
from backlot.exception import MetaflowException
from backlot.user_decorators.common import Custom, CustomMeta, DecoratorMisused, checked

USER_SKIP_STEP: dict = {}  # yielded to skip the step

UserStepDecoratorMeta = CustomMeta


class UserStepDecoratorBase(Custom):
    def __call__(self, step):
        checked(self)
        if not self._is_target(step):
            name = getattr(step, "__name__", step)
            raise self._failure(
                f"You are attempting to decorate '{name}' with @{type(self).__name__}, but it is no step. "
                f"Put @{type(self).__name__} above @step.",
                BadStepDecoratorException,
            )
        inner = step
        while hasattr(inner, "__wrapped__"):
            inner = inner.__wrapped__
        for field in self._step_lists():
            inner.__dict__.setdefault(f"_{field}", []).append(self)
        return step

    def _step_lists(self):
        """The lists of a step in which it stands."""
        kinds = {"wrappers": UserStepDecorator, "mutators": StepMutator}
        return [field for field, kind in kinds.items() if isinstance(self, kind)]

    def _stand_at(self, node):
        for field in self._step_lists():
            getattr(node, field).append(self)

    def _attach_to(self, node):
        """What `--with` does: it stands at a step, unless one of its class does."""
        if not any(type(other) is type(self) for other in node.wrappers + node.mutators):
            self._stand_at(node)


class UserStepDecorator(UserStepDecoratorBase):
    """Code before and after a step: derive from it and write `pre_step` and `post_step`."""

    _is_step_skipped = False

    @classmethod
    def _takes_positional(cls):
        return issubclass(cls, StepMutator) and cls._takes_arguments()

    def _begin_with(self, configs):
        if self._given_arguments[0] and not isinstance(self, StepMutator):
            name = type(self).__name__
            raise self._failure(f"{type(self)} takes its arguments by name: write @{name}(name=value).")
        super()._begin_with(configs)

    def pre_step(self, step_name, flow, inputs=None):
        """Before the step. May return a function to call instead of all that this decorator stands above."""

    def post_step(self, step_name, flow, exception=None):
        """After the step. Returns the exception that is raised from here on, None for none; or a pair of that and
        a dictionary of arguments for `self.next`, empty for those that the step's last line has."""
        return exception

    @property
    def skip_step(self):
        """Whether all that this decorator stands above is skipped; a dictionary has arguments for `self.next`."""
        return self._is_step_skipped

    @skip_step.setter
    def skip_step(self, value):
        self._is_step_skipped = value


class StepMutator(UserStepDecoratorBase):
    """Changes the decorators of a step before the run: derive from it and write `pre_mutate` or `mutate`."""

    def pre_mutate(self, mutable_step):
        """When the configs are known."""

    def mutate(self, mutable_step):
        """When the command line is known, `--with` too."""


class _Generated(UserStepDecorator):
    """A decorator made from a generator function: what is before its yield, and what is after."""

    _function = None
    _takes_attributes = False

    @classmethod
    def _takes_arguments(cls):
        return True

    def pre_step(self, step_name, flow, inputs=None):
        attributes = [dict(self._given_arguments[1])] if self._takes_attributes else []
        self._running = type(self)._function(step_name, flow, inputs, *attributes)
        try:
            told = self._running.send(None)
        except StopIteration:
            raise self._failure(
                f"@{type(self).__name__} ended without a yield in step *{step_name}*. "
                "Write `yield` where the step runs, or `yield {}` to skip it.",
                DecoratorMisused,
            ) from None
        self.skip_step = (told or True) if isinstance(told, dict) else False
        return None if isinstance(told, dict) else told or None

    def post_step(self, step_name, flow, exception=None):
        try:
            if exception is None:
                self._running.send(None)
            else:
                self._running.throw(exception)
        except StopIteration as end:
            return end.value
        text = f"@{type(self).__name__} should only yield once. Take the second `yield` out."
        raise self._failure(text, DecoratorMisused)


def user_step_decorator(function=None, **ignored):
    """Makes a decorator for steps of a generator function (step_name, flow, inputs, attributes)."""
    if function is None:
        return user_step_decorator
    file, line = source_location.of_caller()
    where = line, os.path.basename(file)
    name = getattr(function, "__name__", repr(function))
    if not inspect.isgeneratorfunction(function):
        raise MetaflowException(
            f"@user_step_decorator stands above a generator function, and *{name}* is none: it has no `yield`. "
            "Write `yield` where the step runs.",
            *where,
        )
    count = len(inspect.getfullargspec(function).args) if not hasattr(function, "__wrapped__") else 4
    if count not in (3, 4):
        raise MetaflowException(
            f"@user_step_decorator takes a generator function of 3 or 4 arguments, (step_name, flow, inputs, "
            f"attributes), and *{name}* has {count}.",
            *where,
        )
    body = {"_function": staticmethod(function), "_takes_attributes": count == 4}
    body.update({"__module__": function.__module__, "__doc__": function.__doc__, "__qualname__": name})
    return CustomMeta(name, (_Generated,), body)
