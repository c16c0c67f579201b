"""Decorators as they are named in text, and as mutators see them."""

from backlot import decorators, source_location
from backlot.exception import MetaflowException
from backlot.user_decorators import names
from backlot.user_decorators.common import Custom, CustomMeta, checked


class UnknownFlowDecoratorException(MetaflowException):
    headline = "Unknown flow decorator"


def failure(text, kind=MetaflowException):
    """An exception with the line of the author's code that asked."""
    import os

    file, line = source_location.of_caller()
    return kind(text, line, os.path.basename(file))


def full_name(decorator):
    if isinstance(decorator, Custom):
        return type(decorator).decorator_name
    return f"{type(decorator).__module__}.{type(decorator).__name__}"


def short_name(decorator):
    return names.short(type(decorator)) if isinstance(decorator, Custom) else decorator.name


def described(decorator):
    """(name, full name, positional arguments, arguments by name)."""
    if isinstance(decorator, Custom):
        return (short_name(decorator), full_name(decorator), *decorator.get_args_kwargs())
    return decorator.name, full_name(decorator), [], dict(decorator.attributes)


def is_called(decorator, name):
    return name in (short_name(decorator), full_name(decorator))


def is_same(decorator, name, args, kwargs):
    """Whether it is the one of this name, and if there are arguments, with these."""
    name, _, text = name.partition(":")
    if not is_called(decorator, name):
        return False
    if text:
        kwargs = _attributes(f"{name}:{text}", text)
    if args is None and kwargs is None:
        return True
    _, _, own_args, own = described(decorator)
    if list(args or ()) != own_args:
        return False
    return (kwargs or {}) in (own, getattr(decorator, "given", own))


def make(kind, is_for_flows, args, kwargs):
    """A decorator of what a mutator is asked to add: a class, a decorator of ours, or text."""
    args, kwargs = list(args or ()), dict(kwargs or {})
    base = decorators.FlowDecorator if is_for_flows else decorators.StepDecorator
    if isinstance(kind, str):
        name, colon, text = kind.partition(":")
        if colon and (args or kwargs):
            raise failure(f"'{kind}' has arguments already: leave out deco_args and deco_kwargs, or those in the text.")
        if text:
            kwargs = _attributes(kind, text)
        kind = of_name(name, is_for_flows)
    else:
        kind = getattr(kind, "kind", kind)
    if isinstance(kind, CustomMeta) and kind._is_for_flows == is_for_flows:
        return checked(kind(*args, **kwargs))
    if not (isinstance(kind, type) and issubclass(kind, base)):
        what = "flow" if is_for_flows else "step"
        raise failure(f"add_decorator takes a {what} decorator without parentheses, or text; got {kind!r}.")
    if args:
        raise failure(f"Decorator '{kind.name}' takes its arguments by name: give them as deco_kwargs.")
    # What is the default anyway counts as not said: mutators hand back all attributes of what they found.
    made = kind({k: v for k, v in kwargs.items() if k not in kind.defaults or v != kind.defaults[k]})
    made.place = source_location.of_caller()
    return made


def _attributes(spec, text):
    try:
        return decorators.read_attributes(spec, text)
    except MetaflowException as error:
        raise failure(error.message) from None


def of_name(name, is_for_flows):
    """The class of a decorator by its name. Raises when there is none."""
    kinds = decorators.FLOW_KINDS if is_for_flows else decorators.STEP_KINDS
    kind = kinds.get(name) or names.find(name, is_for_flows)
    if kind is None:
        supported = ", ".join([*names.known(is_for_flows), *kinds])
        what = "flow" if is_for_flows else "step"
        error = UnknownFlowDecoratorException if is_for_flows else decorators.UnknownStepDecoratorException
        raise failure(f"Unknown {what} decorator {name}. The following decorators are supported: {supported}", error)
    return kind


def of_text(spec):
    """The custom decorator that `--with name:attribute=value` names."""
    name, _, text = spec.partition(":")
    try:
        made = checked(of_name(name, False)(**decorators.read_attributes(spec, text)))
    except MetaflowException as error:
        error.line_no = error.source_file = None  # it was asked for on the command line
        raise
    made._statically_defined, made._written_at = False, None
    return made
