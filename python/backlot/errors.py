"""What can go wrong. `Error` and its kinds come from the C++ core, the others from a flow's own code."""


class Error(Exception):
    """An error of Backlot: what went wrong, where (`context`), and what to do about it (`hint`)."""

    code = "internal"

    def __init__(self, message, context="", hint=""):
        super().__init__(message, context, hint)
        self.message, self.context, self.hint = message, context, hint

    def __str__(self):
        text = f"{self.context}: {self.message}" if self.context else self.message
        return f"{text} ({self.hint})" if self.hint else text


def _kind(code):
    name = "".join(word.capitalize() for word in code.split("_"))
    return type(name, (Error,), {"code": code, "__module__": __name__})


_KINDS = {
    code: _kind(code)
    for code in (
        "usage", "invalid", "not_found", "exists", "unset", "wrong_type", "conflict", "corrupt", "newer_format",
        "permission", "no_space", "io", "lease_lost", "replaced", "cancelled", "unsupported", "internal",
    )  # fmt: skip
}
globals().update({kind.__name__: kind for kind in _KINDS.values()})


class UnreadableValue(Error):
    """A value that the packages of this Python cannot load. Its hint names the versions that wrote it and those here."""

    code = "unsupported"


def of(code):
    """The class of a core error's code."""
    return _KINDS[code]
