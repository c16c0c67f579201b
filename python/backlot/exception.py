"""Exceptions that flows raise and see, with the names that Metaflow gave them."""


class MetaflowException(Exception):
    headline = "Flow failed"

    def __init__(self, msg="", lineno=None, source_file=None):
        self.message = msg
        self.line_no = lineno
        self.source_file = source_file
        super().__init__(msg)

    def __str__(self):
        return f"line {self.line_no}: {self.message}" if self.line_no else self.message

    def message_lines(self):
        """The lines that are printed for people: what kind of error, where; then what."""
        import re

        file = f" in file {self.source_file}" if self.source_file else ""
        line = f" on line {self.line_no}" if self.line_no else ""
        return [f"{self.headline}{file}{line}:", *re.sub(r"\*([^\s*]+)\*", r"\1", str(self.message)).splitlines()]


class ParameterFieldFailed(MetaflowException):
    headline = "Parameter field failed"


class ParameterFieldTypeMismatch(MetaflowException):
    headline = "Parameter field with a mismatching type"


class ExternalCommandFailed(MetaflowException):
    headline = "External command failed"


class MetaflowNotFound(MetaflowException):
    headline = "Object not found"


class MetaflowInvalidPathspec(MetaflowException):
    headline = "Invalid pathspec"


class MetaflowNamespaceMismatch(MetaflowException):
    headline = "Object not in the current namespace"

    def __init__(self, namespace):
        super().__init__(f"Object not in namespace '{namespace}'")


class MetaflowInternalError(MetaflowException):
    headline = "Internal error"


class MetaflowTaggingError(MetaflowException):
    headline = "Tagging error"


class MetaflowUnknownUser(MetaflowException):
    headline = "Unknown user"


class InvalidDecoratorAttribute(MetaflowException):
    headline = "Unknown decorator attribute"


class CommandException(MetaflowException):
    headline = "Invalid command"


class MetaflowDataMissing(MetaflowException):
    headline = "Data missing"


class MergeArtifactsException(MetaflowException):
    headline = "Unhandled artifacts in merge"


class UnhandledInMergeArtifactsException(MergeArtifactsException):
    def __init__(self, msg, unhandled):
        super().__init__(msg)
        self.artifact_names = unhandled


class MissingInMergeArtifactsException(MergeArtifactsException):
    headline = "Missing artifacts in merge"

    def __init__(self, msg, missing):
        super().__init__(msg)
        self.artifact_names = missing


class InvalidNextException(MetaflowException):
    headline = "Invalid self.next() transition detected"


class LintException(MetaflowException):
    headline = "Validity checker found an issue"


class TimeoutException(MetaflowException):
    headline = "@timeout"


_PLUGINS = {"FailureHandledByCatch": "catch_decorator", "TimeoutException": "timeout_decorator"}


def type_name(kind):
    """How a class of exceptions is called: of ours, where Metaflow has it."""
    if kind.__module__ != __name__:
        return f"{kind.__module__}.{kind.__qualname__}"
    module = f"plugins.{_PLUGINS[kind.__name__]}" if kind.__name__ in _PLUGINS else "exception"
    return f"metaflow.{module}.{kind.__qualname__}"


class MetaflowExceptionWrapper(Exception):
    """An exception that `@catch` kept: its type and text, without needing its class to be read again."""

    def __init__(self, exc=None):
        super().__init__()
        if exc is not None:
            import traceback

            self.exception = str(exc)
            self.type = type_name(type(exc))
            self.stacktrace = "".join(traceback.format_exception(type(exc), exc, exc.__traceback__))
        else:
            self.exception, self.type, self.stacktrace = "", "", None

    def __reduce__(self):
        return (MetaflowExceptionWrapper, (), self.__dict__)

    def __str__(self):
        return self.stacktrace or f"[no stacktrace]\n{self.type}: {self.exception}"

    __repr__ = __str__


class FailureHandledByCatch(MetaflowException):
    headline = "Task execution failed but @catch handled it"

    def __init__(self, retry_count, why=""):
        super().__init__(f"Task execution kept failing over {retry_count + 1} attempts. {why}".strip())
