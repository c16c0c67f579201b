"""Options and arguments of a command line, read and complained about as users of Metaflow know it."""

import os
import sys


class UsageError(Exception):
    """A command line that cannot be read; `command` tells how it is used."""

    def __init__(self, text, command=None):
        super().__init__(text)
        self.text, self.command = text, command

    def show(self):
        if self.command is not None:
            print(self.command.usage(), file=sys.stderr)
            print(f"Try '{self.command.path} --help' for help.\n", file=sys.stderr)
        print(f"Error: {self.text}", file=sys.stderr)


class HelpWanted(Exception):
    def __init__(self, command):
        super().__init__()
        self.command = command


class Kind:
    """How the text of an option becomes its value. `convert` raises ValueError with the words of the complaint."""

    def __init__(self, metavar, convert):
        self.metavar, self.convert = metavar, convert


def _integer(value):
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"{value} is not a valid integer") from None


def _float(value):
    try:
        return float(value)
    except ValueError:
        raise ValueError(f"{value} is not a valid floating point value") from None


def _boolean(value):
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text in ("true", "t", "1", "yes", "y"):
        return True
    if text in ("false", "f", "0", "no", "n"):
        return False
    raise ValueError(f"{text} is not a valid boolean")


TEXT = Kind("TEXT", lambda value: value)
INTEGER = Kind("INTEGER", _integer)
FLOAT = Kind("FLOAT", _float)
BOOLEAN = Kind("BOOLEAN", _boolean)


def _positive(value):
    number = _integer(value)
    if number < 1:
        raise ValueError(f"{number} is smaller than the minimum valid value 1.")
    return number


POSITIVE = Kind("INTEGER", _positive)


def choice(values):
    def convert(value):
        if value in values:
            return value
        raise ValueError(f"invalid choice: {value}. (choose from {', '.join(values)})")

    return Kind(f"[{'|'.join(values)}]", convert)


class Option:
    """`--name VALUE`, or with `off` a switch `--name/--off`. `variable`: the end of its environment variable."""

    def __init__(self, name, target=None, kind=TEXT, default=None, help="", many=False, required=False, off=None,
                 is_flag=False, words=1, show_default=False, hidden=False, variable=None):  # fmt: skip
        self.name = name
        self.target = target or name.replace("-", "_")
        self.kind, self.default, self.help, self.many, self.required = kind, default, help or "", many, required
        self.off, self.is_flag, self.words = off, is_flag or off is not None, words
        self.show_default, self.hidden = show_default, hidden
        self.variable = variable or self.target.upper()

    def convert(self, value):
        try:
            return self.kind.convert(value)
        except ValueError as error:
            raise UsageError(f"Invalid value for '--{self.name}': {error}") from None

    def from_environment(self, prefix):
        """What its environment variable says: None, or a list of what would follow the option."""
        text = os.environ.get(f"{prefix}_{self.variable}")
        if not text:
            return None
        if self.is_flag:
            try:
                return [_boolean(text)]
            except ValueError as error:
                raise UsageError(f"Invalid value of {prefix}_{self.variable}: {error}") from None
        return text.split() if self.many else [text]

    def value(self, given, prefix):
        """Its value: given on the command line, else in the environment, else the default."""
        given = given if given is not None else self.from_environment(prefix)
        if given is not None:
            if self.is_flag:
                return given[-1]
            if self.words > 1:
                return given
            return [self.convert(v) for v in given] if self.many else self.convert(given[-1])
        default = self.default  # asked for once: it may be what a function of the author's gives
        if default is None and self.required:
            raise UsageError(f"Missing option '--{self.name}'.")
        if default is None or self.is_flag:
            return [] if self.many else default
        return [self.convert(v) for v in default] if self.many else self.convert(default)


class Command:
    """One command, or with `commands` a group of them."""

    def __init__(self, name, run=None, options=(), arguments=(), help="", commands=None, default=None, hidden=False):
        self.name, self.run, self.help, self.hidden = name, run, help, hidden
        self.options, self.arguments = list(options), list(arguments)  # ("INPUT_PATH", "one" | "maybe" | "many")
        self.commands, self.default = commands, default  # `default`: the command of a group when none is named
        self.path, self.prefix = name, "METAFLOW"

    def enter(self, parent):
        self.path = f"{parent.path} {self.name}"
        self.prefix = f"{parent.prefix}_{self.name.upper().replace('-', '_')}"
        return self

    # --- reading ----------------------------------------------------------------------------------------------------

    def read(self, words):
        """(values by target, words that are left to the command of a group)."""
        try:
            given, positional, rest = self._split(words)
            # What was written comes first, as it was written: its mistakes are told before what is missing.
            targets = [*given, *(o.target for o in self.options if o.target not in given)]
            options = {o.target: o for o in self.options}
            values = {t: options[t].value(given.get(t), self.prefix) for t in targets}
            if self.commands is None:
                values.update(self._arguments(positional))
            return values, rest
        except UsageError as error:
            error.command = error.command or self
            raise

    def _split(self, words):
        given, positional = {}, []
        words = list(words)
        while words:
            word = words.pop(0)
            if word == "--":
                positional += words
                break
            if not word.startswith("-") or word == "-":
                if self.commands is not None:
                    return given, positional, [word, *words]
                positional.append(word)
                continue
            name, equals, text = word.partition("=")
            if name == "--help":
                raise HelpWanted(self)
            if self.default and not any(name in (f"--{o.name}", f"--{o.off}") for o in self.options):
                return given, positional, [word, *words]  # of the group's default command
            option, switched = self._find(name)
            values = given.setdefault(option.target, [])
            if option.is_flag:
                if equals:
                    raise UsageError(f"{name} option does not take a value")
                values.append(switched)
                continue
            taken = [text] if equals else []
            while len(taken) < option.words:
                if not words:
                    many = f"{option.words} arguments" if option.words > 1 else "an argument"
                    raise UsageError(f"{name} option requires {many}")
                taken.append(words.pop(0))
            values.append(taken[0] if option.words == 1 else tuple(taken))
        return given, positional, words if self.commands is not None else []

    def _find(self, name):
        for option in self.options:
            if name == f"--{option.name}":
                return option, True
            if option.off and name == f"--{option.off}":
                return option, False
        # Parameters may be written in another case, and with dashes for underscores.
        plain = name.lower().replace("_", "-")
        found = [o for o in self.options if f"--{o.name}".lower().replace("_", "-") == plain]
        if len(found) == 1:
            return found[0], True
        near = [f"--{o.name}" for o in self.options if not o.hidden and f"--{o.name}".startswith(name)]
        told = f"  Did you mean {near[0]}?" if len(near) == 1 else f"  (Possible options: {', '.join(near)})"
        raise UsageError(f"no such option: {name}{told if near else ''}")

    def _arguments(self, words):
        values = {}
        for name, count in self.arguments:
            target = name.lower().replace("-", "_").strip(".")
            if count == "many":
                values[target], words = words, []
            elif words:
                values[target] = words.pop(0)
            else:
                values[target] = None
            if not values[target] and count != "maybe":
                raise UsageError(f"Missing argument '{name}'.")
        if words:
            raise UsageError(f"Got unexpected extra argument{'s' if len(words) > 1 else ''} ({' '.join(words)})")
        return values

    def pick(self, words):
        """The command of this group that the words name, and the words after its name."""
        name, rest = words[0], words[1:]
        for command in self.commands:
            if command.name == name:
                return command.enter(self), rest
        if self.default:
            return self.default.enter(self), words
        raise UsageError(f"No such command '{name}'.", self)

    # --- telling ----------------------------------------------------------------------------------------------------

    def usage(self):
        if self.commands is not None:
            return f"Usage: {self.path} [OPTIONS] COMMAND [ARGS]..."
        shapes = {"one": "{}", "maybe": "[{}]", "many": "{}..."}
        words = [shapes[count].format(name.strip(".")) for name, count in self.arguments]
        return " ".join([f"Usage: {self.path} [OPTIONS]", *words])

    def help_text(self):
        lines = [self.usage(), ""]
        if self.help:
            lines += ["  " + line for line in _wrapped(self.help, 76)] + [""]
        rows = [(_spelled(o), _described(o)) for o in self.options if not o.hidden]
        lines += ["Options:"] + _columns(rows + [("--help", "Show this message and exit.")])
        if self.commands is not None:
            shown = sorted((c for c in self.commands if not c.hidden), key=lambda c: c.name)
            lines += ["", "Commands:"] + _columns([(c.name, c.help.split(". ")[0]) for c in shown])
        return "\n".join(lines)


def _spelled(option):
    if option.off:
        return f"--{option.name} / --{option.off}"
    return f"--{option.name}" if option.is_flag else f"--{option.name} {option.kind.metavar}"


def _described(option):
    parts = [option.help] if option.help else []
    default = option.default
    if option.show_default and default is not None:
        parts.append(f"[default: {', '.join(map(str, default)) if option.many else default}]")
    if option.required:
        parts.append("[required]")
    return "  ".join(parts)


def _wrapped(text, width):
    import textwrap

    return textwrap.wrap(text, width)


def _columns(rows):
    width = min(max(len(left) for left, _ in rows), 30)
    lines = []
    for left, right in rows:
        first = f"  {left:<{width}}"
        texts = _wrapped(right, 76 - width)
        if len(left) > width and texts:
            lines.append(first)
            first = " " * (width + 2)
        lines.append(f"{first}  {texts[0]}" if texts else first)
        lines += [" " * (width + 4) + text for text in texts[1:]]
    return lines
