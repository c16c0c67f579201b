"""The command line of a flow, as Metaflow's: `python flow.py [options] run [options]`."""

import os
import sys

from backlot import _core, about, config, identity
from backlot.cli import describe, read, run, tags
from backlot.errors import Error
from backlot.exception import MetaflowException
from backlot.options import Command, HelpWanted, Option, UsageError, choice
from backlot.program import Program


def main(flow, initial):
    """Runs the command line of this process for a flow, of which `initial` are the attributes that __init__ assigned;
    returns the exit code."""
    # The catalog keeps runs under this name; what tasks start finds the same.
    os.environ["BACKLOT_USER"] = identity.username()
    try:
        return _Front(flow, initial).run(sys.argv[1:])
    except HelpWanted as wanted:
        print(wanted.command.help_text())
        return 0
    except UsageError as error:
        error.show()
        return 2
    except MetaflowException as error:
        print("\n".join(f"    {line}" for line in error.message_lines()) + "\n", file=sys.stderr)
    except Error as error:
        print(f"    {error}\n", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nAborted!", file=sys.stderr)
    return 1


class _Front:
    """Reads the options before the command, settles what depends on them, and hands over to the command."""

    def __init__(self, flow, initial):
        self.program = Program(flow, initial)
        self.top = Command(
            os.path.basename(sys.argv[0]), options=_top_options(self.program), commands=_commands(self.program)
        )
        self.top.prefix = "METAFLOW"

    def run(self, words):
        program = self.program
        options, rest = self.top.read(words)
        program.quiet = options["quiet"]
        program.specs = options["decospecs"] + os.environ.get("METAFLOW_DEFAULT_DECOSPECS", "").split()
        if run.TASK_VARIABLE in os.environ:
            return self._run_as_task(options, rest)
        program.echo(f"Backlot {about.__version__} executing {program.name} for user:{identity.username()}")
        command, rest = self._pick(rest or ["check"])
        if command.name == "help":
            raise HelpWanted(self.top)
        try:
            return self._run(command, options, rest)
        except UsageError as error:
            error.command = error.command or command
            raise

    def _run(self, command, options, rest):
        program = self.program
        program.settle(self._configs(command, options, rest), options)
        run.settle_options(program, command)
        if program.project:
            program.echo(f"Project: {program.project['project_name']}, Branch: {program.project['branch_name']}")
        values, _ = command.read(rest)
        return command.run(program, values)

    def _pick(self, words):
        command, rest = self.top.pick(words)
        while command.commands is not None:
            _, rest = command.read(rest)
            if not rest:
                raise HelpWanted(command)
            command, rest = command.pick(rest)
        return command, rest

    def _configs(self, command, options, rest):
        """The values of the flow's configs: given, or for a resumed run those of its origin."""
        program = self.program
        parameters = program.config_parameters
        if not parameters:
            return {}
        for parameter in parameters:
            parameter.init({})
        if command.name == "resume":
            if options["config"] or options["config_value"]:
                raise UsageError("--config and --config-value cannot be used with resume: it takes those of its origin")
            origin = run.find_origin(program, command.read(rest)[0]["origin_run_id"])
            attributes = {p: a for a, p in program.inputs}
            return {p.name: p.load(origin.parameter(attributes[p])) for p in parameters}
        try:
            files, texts = (_config_options(options, key, parameters) for key in ("config", "config_value"))
            return config.evaluate(parameters, files, texts, program.context())
        except UsageError as error:
            error.command = self.top
            raise

    def _run_as_task(self, options, rest):
        program = self.program
        configs = run.known(os.environ.pop(run.TASK_VARIABLE))
        command, rest = self.top.pick(rest)
        for parameter in program.config_parameters:
            parameter.init({})
        program.settle(configs, options)
        run.settle_options(program, command)
        values = command.read(rest)[0]
        about.settle(program, values)
        program.attach(values["decospecs"])
        program.make_constants()
        _core.run_as_task(program.core(), int(os.environ.pop(_core.TASK_CHANNEL_VARIABLE)))


def _commands(program):
    return [*run.commands(program), *describe.commands(), *read.commands(), *tags.commands()]


def _top_options(program):
    options = [
        Option("quiet", off="not-quiet", default=False, help="Suppress unnecessary messages."),
        Option("with", "decospecs", many=True,
               help="Add a decorator to all steps. May be given several times."),
        Option("pylint", off="no-pylint", default=False, help="Accepted; Pylint is not run."),
    ]  # fmt: skip
    for name in (
        "metadata", "environment", "datastore", "datastore-root", "package-suffixes", "event-logger", "monitor",
    ):  # fmt: skip
        options.append(Option(name, help="Accepted, not used."))
    if program.decorator("project"):
        options += [
            Option("production", is_flag=True, default=False, help="Use the @project's production branch."),
            Option("branch", help="Use this branch of the @project. The default is the user's."),
        ]
    if program.config_parameters:
        told = "".join(f" {p.name}: {p.kwargs.get('help') or '?'}." for p in program.config_parameters)
        options += [
            Option("config", words=2, help=f"A config's name, and the file it is read from.{told}",
                   variable="FLOW_CONFIG"),
            Option("config-value", words=2, help="A config's name, and its value as text.",
                   variable="FLOW_CONFIG_VALUE"),
        ]  # fmt: skip
    return options


def _config_options(options, key, parameters):
    """Texts by name, of --config or --config-value: pairs, or from the environment one JSON object."""
    pairs = options[key] or []
    if pairs and isinstance(pairs[0], str):
        import json

        try:
            pairs = list(json.loads(pairs[0]).items())
        except (ValueError, AttributeError):
            raise UsageError(f"METAFLOW_FLOW_{key.upper()} is no JSON object") from None
        pairs = [(name, text if isinstance(text, str) else json.dumps(text)) for name, text in pairs]
    kind = choice([p.name for p in parameters])
    for name, _ in pairs:
        try:
            kind.convert(name)
        except ValueError as error:
            raise UsageError(f"Invalid value for '--{key.replace('_', '-')}': {error}") from None
    return dict(pairs)
