"""Decorators of steps: what is said about a step besides its code."""

from backlot.exception import InvalidDecoratorAttribute, MetaflowException


class StepDecorator:
    """One decorator of one step: a name and its attributes. `@retry`, `@retry(times=2)` and `--with retry:times=2`."""

    name = ""
    defaults = {}

    def __init__(self, attributes=None, statically_defined=True):
        self.attributes = dict(self.defaults)
        self.statically_defined = statically_defined
        for key, value in (attributes or {}).items():
            if key not in self.defaults:
                known = ", ".join(self.defaults) or "none"
                raise InvalidDecoratorAttribute(
                    f"Decorator '{self.name}' does not support the attribute '{key}'. These attributes are supported: {known}."
                )
            self.attributes[key] = value

    def __str__(self):
        given = [f"{k}={v}" for k, v in self.attributes.items() if v != self.defaults[k]]
        return f"{self.name}:{','.join(given)}" if given else self.name

    def check(self, node):
        """Raises when the decorator cannot stand at this step."""


class Retry(StepDecorator):
    name = "retry"
    defaults = {"times": "3", "minutes_between_retries": "2"}


class Catch(StepDecorator):
    name = "catch"
    defaults = {"var": None, "print_exception": True}

    def check(self, node):
        if node.kind in ("foreach", "switch"):
            what = "foreach split" if node.kind == "foreach" else "conditional switch"
            raise MetaflowException(
                f"@catch is defined for the step *{node.name}* but @catch is not supported in {what} steps."
            )


class Timeout(StepDecorator):
    name = "timeout"
    defaults = {"seconds": 0, "minutes": 0, "hours": 0}

    @property
    def seconds(self):
        a = self.attributes
        return int(a["hours"]) * 3600 + int(a["minutes"]) * 60 + int(a["seconds"])

    def check(self, node):
        if not self.seconds:
            raise MetaflowException("Specify a duration for @timeout.")


class Environment(StepDecorator):
    name = "environment"
    defaults = {"vars": {}}


class ResourcesDecorator(StepDecorator):
    name = "resources"
    defaults = {"cpu": None, "gpu": None, "disk": None, "memory": None, "shared_memory": None}


KINDS = {kind.name: kind for kind in (Retry, Catch, Timeout, Environment, ResourcesDecorator)}


def _decorator(kind):
    def decorate(function=None, **attributes):
        def add(f):
            if not getattr(f, "is_step", False):
                raise MetaflowException(
                    f"You are attempting to decorate '{getattr(f, '__name__', f)}' with @{kind.name} but it is no step. "
                    "Put @step below it."
                )
            if any(d.name == kind.name for d in f.decorators):
                raise MetaflowException(f"Step '{f.__name__}' already has a decorator '{kind.name}'.")
            f.decorators.append(kind(attributes))
            return f

        return add(function) if function is not None else add

    decorate.__name__ = kind.name
    return decorate


retry, catch, timeout, environment, resources = (_decorator(k) for k in KINDS.values())
