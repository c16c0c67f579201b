"""Parameters: the named inputs of a run."""

import os

from backlot import options, source_location
from backlot.delayed import resolved_attributes
from backlot.exception import MetaflowException, ParameterFieldFailed, ParameterFieldTypeMismatch


class JSONTypeClass:
    name = "JSON"

    def __repr__(self):
        return "JSON"


JSONType = JSONTypeClass()

# Names of the options of `run` and `resume`, which a parameter would hide.
_RESERVED = frozenset(
    word
    for name in (
        "params", "with", "tag", "namespace", "obj", "tags", "decospecs", "run-id-file", "max-num-splits",
        "max-workers", "max-log-size", "user-namespace", "run-id", "task-id", "runner-attribute-file",
    )
    for word in (name, name.replace("-", "_"))
)  # fmt: skip

# Before a parameter's name and a list as JSON: how Runner gives a list. It cannot know whether that is one value.
LIST_WORD = "--list-of-runner"

_KNOWN = ("default", "type", "help", "required", "show_default", "separator", "multiple")


class ParameterContext:
    """What the function of a default is told."""

    _fields = ("flow_name", "user_name", "parameter_name", "logger", "ds_type", "configs")

    def __init__(self, flow_name, user_name, parameter_name, logger, ds_type, configs):
        self.flow_name, self.user_name, self.parameter_name = flow_name, user_name, parameter_name
        self.logger, self.ds_type, self.configs = logger, ds_type, configs


class Parameter:
    """A named input. Its type is that of its default, else text.

    With `multiple` it may be given several times: its value is a tuple, each part of which is of the type.
    """

    IS_CONFIG_PARAMETER = False

    def __init__(self, name, default=None, type=None, help=None, required=None, show_default=None, **kwargs):
        self.name = name
        self.place = source_location.of_caller()
        given = dict(default=default, type=type, help=help, required=required, show_default=show_default)
        self.kwargs = {**kwargs, **{k: v for k, v in given.items() if v is not None}}
        self.separator, self.multiple = None, False

    def __repr__(self):
        return f"{type(self).__name__}(name={self.name!r}, {self.kwargs})"

    def __getitem__(self, key):
        """For checkers of types, who see `self.parameter["key"]` of a JSON parameter."""

    def fail(self, text):
        file, line = self.place
        return MetaflowException(text, line, os.path.basename(file))

    def init(self, configs):
        """Settles its attributes when the values of the configs are known. Raises for what cannot be."""
        self.kwargs = resolved_attributes(self.kwargs, configs)
        self.kwargs.setdefault("required", False)
        self.kwargs.setdefault("show_default", True)
        for key in self.kwargs:
            if key not in self._known():
                raise self.fail(
                    f"{type(self).__name__} *{self.name}* does not take '{key}'. It takes {', '.join(self._known())}."
                )
        if self.name in _RESERVED:
            raise self.fail(
                f"Parameter name '{self.name}' is a reserved word. Please use a different name for your parameter."
            )
        for field in ("show_default", "separator", "required", "multiple"):
            if callable(self.kwargs.get(field)):
                raise self.fail(f"Parameter *{self.name}*: Field '{field}' cannot have a function as its value")
        self.kwargs.setdefault("type", self._type_of_default())
        self.separator = self.kwargs.get("separator")
        self.multiple = bool(self.kwargs.get("multiple"))
        default = self.kwargs.get("default", "")
        if self.multiple and not (callable(default) or hasattr(default, "__iter__")):
            raise self.fail(
                f"Parameter *{self.name}* has multiple=True, so its default is a list or tuple, not {default!r}."
            )
        if self.separator and not (self.kwargs["type"] is str and isinstance(default, str)):
            raise self.fail(f"Parameter *{self.name}*: Separator is only allowed for string parameters.")
        self.kind()

    def _known(self):
        return _KNOWN

    def _type_of_default(self):
        default = self.kwargs.get("default")
        return str if default is None or callable(default) else type(default)

    # --- on the command line ----------------------------------------------------------------------------------------

    def kind(self):
        wanted = self.kwargs["type"]
        kinds = {str: options.TEXT, int: options.INTEGER, float: options.FLOAT, bool: options.BOOLEAN}
        if wanted in kinds:
            return kinds[wanted]
        if wanted is JSONType:
            return options.Kind("JSON", _json)
        if callable(wanted):
            return options.Kind(getattr(wanted, "__name__", "VALUE").upper(), lambda value: _called(wanted, value))
        raise self.fail(
            f"Parameter *{self.name}* cannot be of type {wanted!r}. Use str, int, float, bool or JSONType."
        )

    def default(self, context):
        """Its default: a value, or a function that gives it in that context."""
        default = self.kwargs.get("default")
        if not callable(default):
            return [default] if self.multiple and self.separator and default is not None else default
        context.parameter_name = self.name
        try:
            value = default(context)
        except Exception as error:
            import traceback

            source_location.show_own_frames(error)
            told = traceback.format_exception(type(error), error, error.__traceback__)
            raise ParameterFieldFailed(
                f"When evaluating the field *default* for the Parameter *{self.name}*, the following exception "
                f"occurred:\n\n{''.join(told)}"
            ) from None
        wanted = self.kwargs["type"]
        names = {bool: "bool", int: "int", float: "float", list: "list", dict: "dict"}
        if self.multiple:
            wanted = list
        expected = wanted if wanted in names else str
        if type(value) is not expected and not (self.multiple and type(value) is tuple):
            raise ParameterFieldTypeMismatch(
                f"The value returned by the deploy-time function for the parameter *{self.name}* field *default* "
                f"has a wrong type. Expected a {names.get(wanted, 'string')}."
            )
        return value

    # --- its value --------------------------------------------------------------------------------------------------

    def finish(self, value, context):
        """The value that is stored, of what the command line gave."""
        if self.multiple:
            parts = (text.split(self.separator) for text in value) if self.separator else (value,)
            return tuple(part for some in parts for part in some)
        return value.split(self.separator) if value and self.separator else value

    def load(self, value):
        """The value that a step sees, of what is stored."""
        return value


def _json(value):
    if not isinstance(value, str):
        return value
    import json

    try:
        return json.loads(value)
    except ValueError:
        raise ValueError(f"{value} is not a valid JSON object") from None


def _called(wanted, value):
    if isinstance(wanted, type) and isinstance(value, wanted):
        return value
    try:
        return wanted(value)
    except ValueError as error:
        raise ValueError(str(error) or str(value)) from None


def of(flow):
    """The parameters of a flow's class: (attribute, Parameter), in the order in which they are written."""
    found = {}
    for kind in reversed(flow.__mro__):
        for attribute, value in vars(kind).items():
            found.pop(attribute, None)
            if isinstance(value, Parameter):
                found[attribute] = value
            elif getattr(type(value), "IS_CONFIG_PARAMETER", False):
                found[attribute] = value._parameter
    return list(found.items())


def check_names(parameters):
    """Raises when two are called the same."""
    seen = {}
    for _, parameter in parameters:
        plain = parameter.name.lower().replace("-", "_")
        if plain in seen:
            raise parameter.fail(
                f"Parameter *{parameter.name}* is specified twice. Note that parameter names are case-insensitive."
            )
        seen[plain] = parameter
