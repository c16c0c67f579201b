"""Files as parameters: their content becomes the value."""

import os

from backlot import options
from backlot.config import call_parser
from backlot.exception import MetaflowException
from backlot.parameters import Parameter


class IncludeFile(Parameter):
    """A parameter whose value on the command line is the path of a file: steps see the file's content."""

    def __init__(self, name, required=None, is_text=None, encoding=None, help=None, parser=None, **kwargs):
        given = {"is_text": is_text, "encoding": encoding, "parser": parser}
        kwargs.update((k, v) for k, v in given.items() if v is not None)
        super().__init__(name, required=required, help=help, type=str, **kwargs)

    def _known(self):
        return ("default", "type", "help", "required", "show_default", "is_text", "encoding", "parser")

    def kind(self):
        return options.Kind("FILEPATH", _readable)

    def finish(self, path, context):
        if path is None:
            return None
        with open(path, "rb") as file:
            content = file.read()
        context.logger(f"Including file {path} of size {_size_text(len(content))} ")
        if self.kwargs.get("is_text", True):
            encoding = self.kwargs.get("encoding", "utf-8")
            try:
                content = content.decode(encoding)
            except (UnicodeDecodeError, LookupError) as error:
                raise MetaflowException(
                    f"The file {path} of parameter *{self.name}* is no text in {encoding} ({error}). "
                    "Say its encoding, or is_text=False to get bytes."
                ) from None
        parser = self.kwargs.get("parser")
        if parser is None:
            return content
        try:
            return call_parser(parser, content)
        except Exception as error:
            raise MetaflowException(
                f"Failed to parse content in parameter '{self.name}' using parser: {error}"
            ) from error


def _readable(path):
    path = os.path.expanduser(path)
    try:
        with open(path, "rb"):
            return path
    except OSError:
        raise ValueError(f"IncludeFile: could not open file '{path}' for reading") from None


def _size_text(size):
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024:
            return f"{size}{unit}"
        size //= 1024
    return f"{size}TB"
