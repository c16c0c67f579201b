"""Configs: what is known of a run before its decorators and parameters are."""

import os
import sys

from backlot.delayed import Delayed, Late, plain
from backlot.options import UsageError
from backlot.parameters import Parameter


class ConfigValue(dict):
    """A config's value: a dictionary whose keys can be written as attributes, and that cannot be changed."""

    def __init__(self, data=()):
        super().__init__((key, wrapped(value)) for key, value in dict(data).items())

    @classmethod
    def fromkeys(cls, iterable, value=None):
        return cls(dict.fromkeys(iterable, value))

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def _refuse(self, *args, **kwargs):
        raise TypeError("ConfigValue is immutable")

    __setattr__ = __delattr__ = __setitem__ = __delitem__ = __ior__ = _refuse  # type: ignore[assignment]
    clear = update = setdefault = pop = popitem = _refuse  # type: ignore[assignment]

    def to_dict(self):
        return plain(self)

    def copy(self):
        return self

    def __dir__(self):
        return [*super().__dir__(), *(k for k in self if isinstance(k, str) and k.isidentifier())]

    def __reduce__(self):
        return ConfigValue, (self.to_dict(),)


def wrapped(value):
    """The same with dictionaries whose keys can be written as attributes."""
    if isinstance(value, dict):
        return value if isinstance(value, ConfigValue) else ConfigValue(value)
    return type(value)(map(wrapped, value)) if type(value) in (list, tuple, set) else value


def config_expr(expr):
    """An expression of configs for where they cannot be named directly: `@project(name=config_expr("cfg.name"))`."""
    return Delayed(expr, sys._getframe(1).f_globals)


class Config(Late):
    """Values that the flow's decorators and parameters may use: a file, or text, that is parsed before the run begins.

    All of its attributes and items are the value's own, delayed until the value is known.
    """

    IS_CONFIG_PARAMETER = True

    def __init__(
        self, name, default=None, default_value=None, help=None, required=None, parser=None, plain=False, **kwargs
    ):
        self._parameter = ConfigParameter(name, default=default, help=help, required=required, type=str, **kwargs)
        self._parameter.default_value, self._parameter.parser = default_value, parser
        self._parameter.is_plain = plain

    def _delayed(self):
        return Delayed(self._parameter.name, None)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._delayed(), name)

    def __getitem__(self, key):
        return self._delayed()[key]

    def keys(self):
        return self._delayed().keys()


class ConfigParameter(Parameter):
    """What a Config is beside its value."""

    IS_CONFIG_PARAMETER = True
    default_value = parser = None
    is_plain = False

    def _known(self):
        return ("default", "type", "help", "required", "show_default")

    def init(self, configs):
        if self.kwargs.get("default") is not None and self.default_value is not None:
            raise self.fail(f"For config '{self.name}', you can only specify default or default_value, not both")
        super().init(configs)

    def parse(self, text):
        """The value that a text stands for. Raises ValueError."""
        if self.parser is None:
            if self.is_plain:
                return text
            import json

            try:
                value = json.loads(text)
            except ValueError as error:
                raise ValueError(f"configuration value for '{self.name}' is not valid JSON: {error}") from None
        else:
            try:
                value = call_parser(self.parser, text)
            except Exception as error:
                why = f"{type(error).__name__}: {error}"
                raise ValueError(f"configuration value for '{self.name}' could not be parsed: {why}") from None
        if not self.is_plain and not isinstance(value, dict):
            raise ValueError(
                f"configuration value for '{self.name}' is a {type(value).__name__}, not a mapping; "
                "say plain=True to use it as it is"
            )
        return value

    def load(self, value):
        return value if value is None or self.is_plain else ConfigValue(value)


def call_parser(parser, text):
    """Calls a parser: a function, or the dotted name of one."""
    if isinstance(parser, str):
        import importlib

        module, _, name = parser.rpartition(".")
        if parser.startswith("."):  # one of Metaflow's own, all of which are here
            module = "backlot.parsers"
        parser = getattr(importlib.import_module(module), name)
    return parser(text)


def evaluate(configs, files, texts, context):
    """Values by name, of what --config and --config-value say and of defaults. Raises UsageError for all complaints."""
    both = sorted(set(files) & set(texts))
    if both:
        raise UsageError(
            f"Cannot provide both a value and a file for the same configuration. Found such values for "
            f"'{', '.join(both)}'"
        )
    values, complaints = {}, []
    for config in configs:
        try:
            text = _text_of(config, files, texts, context)
            values[config.name] = None if text is None else config.load(config.parse(text))
        except ValueError as error:
            complaints.append(str(error))
    if complaints:
        raise UsageError(f"Bad values passed for configuration options: {', '.join(complaints)}")
    return values


def _text_of(config, files, texts, context):
    name = config.name
    if name in texts:
        return texts[name]
    if name in files:
        return _read(files[name], f"configuration file '{files[name]}' could not be read for '{name}'")
    path = config.default(context)
    if path is not None:
        return _read(path, f"default configuration file '{path}' could not be read for '{name}'")
    value = config.default_value
    if callable(value):
        context.parameter_name = name
        value = value(context)
    if value is None and config.kwargs["required"]:
        raise ValueError(f"missing configuration for '{name}'")
    if not isinstance(value, dict):
        return value
    import json

    return json.dumps(plain(value))


def _read(path, complaint):
    try:
        with open(os.path.expanduser(path), encoding="utf-8") as file:
            return file.read()
    except OSError:
        raise ValueError(complaint) from None
