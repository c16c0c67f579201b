"""What is done with a generated flow, by the command line or by `Runner`: the same either way."""

import dataclasses
import json
import shlex

# Arguments of `Runner` and of its `run` and `resume`, and what they are called on the command line.
OPTIONS = {"tags": "--tag", "decospecs": "--with", "user_namespace": "--namespace", "origin_run_id": "--origin-run-id"}


@dataclasses.dataclass
class Do:
    """`run` or `resume`."""

    what: str = "run"
    top: dict = dataclasses.field(default_factory=dict)  # before the command
    options: dict = dataclasses.field(default_factory=dict)  # after it
    step: str = ""  # to resume from
    variables: str = ""  # of the environment

    def line(self, way):
        return self.by_runner() if way == "runner" else self.by_command_line()

    def by_command_line(self):
        words = ["python", "flow.py", *flags(self.top), self.what, *flags(self.options), *([self.step] if self.step else [])]
        return f"{self.variables} {' '.join(map(quoted, words))}".strip()

    def by_runner(self):
        options = {**self.options, **({"step_to_rerun": self.step} if self.step else {})}
        arguments = quoted(json.dumps({"top": self.top, "options": options}))
        return f"{self.variables} python drive.py {self.what} {arguments}".strip()


@dataclasses.dataclass
class Shell:
    """A command that is the same either way."""

    command: str

    def line(self, way):
        return self.command


def flags(options):
    for name, value in options.items():
        flag = OPTIONS.get(name, "--" + name.replace("_", "-"))
        for one in value if isinstance(value, list) else [value]:
            yield flag
            yield from map(str, one if isinstance(one, tuple) else [one])


def quoted(word):
    """In quotes for the shell, where $RUN still stands for the last run's id."""
    return f'"{word}"' if word == "$RUN" else shlex.quote(word)
