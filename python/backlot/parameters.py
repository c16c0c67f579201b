"""Parameters: the named inputs of a run."""

import json


class _JSONType:
    name = "JSON"

    def __repr__(self):
        return "JSON"


JSONType = _JSONType()


class Parameter:
    """A named input. Its type is that of its default, else text."""

    def __init__(self, name, default=None, type=None, help=None, required=None, show_default=None, separator=None, **kwargs):
        self.name, self.default, self.type = name, default, type
        self.help, self.required, self.separator = help, bool(required), separator
        if self.type is None:
            self.type = str if default is None or callable(default) else default.__class__

    def parse(self, text):
        """The value that `text` stands for. Raises ValueError."""
        if self.type is JSONType:
            return json.loads(text)
        if self.separator:
            return text.split(self.separator)
        if self.type is bool:
            lowered = text.lower()
            if lowered in ("true", "1", "yes", "y", "t", "on"):
                return True
            if lowered in ("false", "0", "no", "n", "f", "off"):
                return False
            raise ValueError(f"{text} is not a valid boolean")
        kinds = {int: "integer", float: "float"}
        try:
            return self.type(text)
        except ValueError:
            raise ValueError(f"{text} is not a valid {kinds.get(self.type, self.type.__name__)}") from None


def of(flow):
    """The parameters of a flow's class: (attribute, Parameter), in the order in which they are written."""
    found = {}
    for kind in reversed(flow.__mro__):
        for attribute, value in vars(kind).items():
            if isinstance(value, Parameter):
                found[attribute] = value
    return list(found.items())
