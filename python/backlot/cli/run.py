"""`run` and `resume`."""

import os
import sys
import time

from backlot import _core, about, process
from backlot.cli.describe import validate
from backlot.config import ConfigValue
from backlot.exception import CommandException, MetaflowException
from backlot.options import POSITIVE, Command, Option, UsageError
from backlot.parameters import LIST_WORD

TASK_VARIABLE = "BACKLOT_TASK"  # set in a fresh process that runs one task: what it needs to know of the run
_LONGEST_VARIABLE = 100_000  # of the 128 KiB that Linux allows
_FAILURE_GRACE_MS = 5000  # how long other tasks may go on when one has failed


def commands(program):
    return [
        _Run("run", run, _run_options(program), help="Run the workflow locally."),
        Command(
            "resume", resume,
            _options() + [Option("origin-run-id", help="ID of the run to resume. By default, the last one."),
                          Option("anyway", is_flag=True, default=False,
                                 help="Resume though that run, or another resume of it, is going on.")],
            [("STEP_TO_RERUN", "maybe")], help="Resume execution of a previous run of this flow.",
        ),
    ]  # fmt: skip


class _Run(Command):
    def read(self, words):
        return super().read(self._without_lists(words))

    def _without_lists(self, words):
        """The words of people for the lists that Runner gave."""
        if LIST_WORD not in words:
            return words
        import json

        left, found = list(words), []
        while left:
            word = left.pop(0)
            if word != LIST_WORD:
                found.append(word)
                continue
            name, text = left.pop(0), left.pop(0)
            items = json.loads(text) if self._find(f"--{name}")[0].many else [text]
            found += [f"--{name}={item if isinstance(item, str) else json.dumps(item)}" for item in items]
        return found


_NAMESPACE = Option(
    "namespace", "user_namespace",
    help="The namespace that the client sees in tasks, instead of user:<name>. An empty one is the global namespace.",
)  # fmt: skip


def _options():
    return [
        Option("tag", "tags", many=True, help="Annotate this run with the given tag. May be given several times."),
        Option("max-workers", kind=POSITIVE, default=16, show_default=True,
               help="Maximum number of parallel processes."),
        Option("max-num-splits", kind=POSITIVE, default=100, show_default=True,
               help="Maximum number of splits allowed in a foreach: the run fails at one that has more."),
        Option("max-log-size", kind=POSITIVE, default=10, show_default=True,
               help="Megabytes that are kept of each task's output: its first and its last half."),
        Option("keep-going", is_flag=True, default=False,
               help="When a task has failed, go on with what does not depend on it."),
        Option("with", "decospecs", many=True, help="Add a decorator to all steps. May be given several times."),
        Option("retry-wait", is_flag=True, default=False,
               help="Wait minutes_between_retries before a task is tried again, instead of trying it at once."),
        Option("run-id-file", help="Write the ID of this run to the file specified."),
        Option("runner-attribute-file", help="Write where this run is kept to the file specified, for Runner."),
    ]  # fmt: skip


def _run_options(program):
    return _parameters(program) + _options() + [_NAMESPACE]


def settle_options(program, command):
    """From now on the command has an option for each parameter that mutators left."""
    if program.flow_mutators and command.run is run:
        command.options = _run_options(program)


def _parameters(program):
    # What an option needs of a parameter is known when the configs are: asked for as late as it is used.
    return [_ParameterOption(program, attribute, parameter) for attribute, parameter in program.parameters]


class _ParameterOption(Option):
    def __init__(self, program, attribute, parameter):
        self.program, self.parameter = program, parameter
        self.name, self.target = parameter.name, f"parameter {attribute}"
        self.variable = parameter.name.upper().replace("-", "_")
        self.off, self.is_flag, self.words, self.hidden = None, False, 1, False

    many = property(lambda self: self.parameter.multiple)
    kind = property(lambda self: self.parameter.kind())
    help = property(lambda self: self.parameter.kwargs.get("help") or "")
    required = property(lambda self: bool(self.parameter.kwargs["required"]))
    show_default = property(lambda self: self.parameter.kwargs["show_default"])

    @property
    def default(self):
        return self.parameter.default(self.program.context())


def run(program, values):
    program.attach(values["decospecs"])
    validate(program)
    constants = program.make_constants()
    request = _request(program, values)
    _announce(program, values, request.wanted)
    inputs = {"name": program.name, "_graph_info": program.graph_info(constants), **constants}
    context = program.context()
    order = {target: number for number, target in enumerate(values)}  # files are told of as they were written
    for attribute, parameter in sorted(program.inputs, key=lambda i: order.get(f"parameter {i[0]}", -1)):
        if parameter.IS_CONFIG_PARAMETER:
            inputs[attribute] = _plain(program.configs[parameter.name])
        else:
            inputs[attribute] = parameter.finish(values[f"parameter {attribute}"], context)
    try:
        request.core.inputs(inputs, *_code(program))
    except Exception:
        _refuse_unpicklable(program, inputs)
        raise
    return _execute(program, request, program.core())


def _refuse_unpicklable(program, inputs):
    """Raises for the first of the run's inputs that cannot be kept."""
    import pickle

    from backlot import _pickle

    for name, value in inputs.items():
        try:
            pickle.dumps(value, protocol=5)
        except Exception as error:
            path, kind = _pickle.unpicklable(value, f"{program.name}.{name}")
            raise MetaflowException(
                f"{path} is of type {kind.__module__}.{kind.__qualname__}, which cannot be pickled ({error}), but a "
                "run keeps its parameters and the constants of the class. Make it outside of the class or in a step, "
                "or give it a name that begins with an underscore."
            ) from None


def resume(program, values):
    origin = find_origin(program, values["origin_run_id"])
    if values["origin_run_id"] is None:
        program.echo(f"    Going on from the last run, {program.name}/{origin.run_id}.")
    step = values["step_to_rerun"] or ""
    if step and step not in program.graph:
        raise CommandException(
            f"There is no step *{step}* to resume from. The steps are {', '.join(program.graph.order)}."
        )
    program.attach(values["decospecs"])
    validate(program)
    constants = program.make_constants()
    request = _request(program, values)
    _announce(program, values, request.wanted)
    core = program.core()
    if origin.differs_from(core):
        program.echo(
            f"    The steps of the flow have changed since run {origin.run_id}. Finished tasks of steps that are still "
            "there are taken over by name."
        )
    request.core.resume = True
    request.core.resume_step = step
    request.core.anyway = values["anyway"]
    request.core.origin_run = origin.run_id
    request.core.inputs({"_graph_info": program.graph_info(constants)}, *_code(program))
    return _execute(program, request, core)


def find_origin(program, run_id):
    """The run to resume: of this id, or the last one."""
    if run_id is not None and not run_id.isdigit():
        raise UsageError(f"Invalid value for '--origin-run-id': {run_id} is no run id")
    return _core.OriginRun(_core.find_home(), program.name, int(run_id or 0))


def _plain(value):
    return value.to_dict() if isinstance(value, ConfigValue) else value


class _Request:
    """What the engine is asked for, the id that the run has unless it is taken, and files to remove at its end."""

    def __init__(self, core, wanted, files):
        self.core, self.wanted, self.files = core, wanted, files


def _request(program, values):
    home = _core.find_home()
    core = _core.RunRequest(home)
    core.max_workers = values["max_workers"]
    core.most_splits = values["max_num_splits"]
    core.most_log_bytes = values["max_log_size"] << 20
    if values["keep_going"]:
        core.keep_going = True
    else:
        core.failure_grace_ms = _FAILURE_GRACE_MS
    core.tags = _checked_tags(values["tags"])
    core.system_tags = about.system_tags(program)
    about.settle(program, values)
    core.namespace = about.first_namespace() or ""
    core.project = program.project.get("project_name") or ""
    core.branch = program.project.get("branch_name") or ""
    core.quiet = program.quiet
    program.waits_for_retry = program.waits_for_retry or values["retry_wait"]
    core.unwaited = [] if program.waits_for_retry else _steps_that_would_wait(program)
    wanted = core.run_id = time.time_ns() // 1000
    core.on_run = lambda run_id: run_id == wanted or _announce(program, values, run_id)
    _clamp(program)
    executable, words = _fresh_arguments()
    known, files = _known(program)
    program.reason_for_fresh = process.reason_for_fresh(program.flow)
    core.fresh(executable, words, [(TASK_VARIABLE, known)], program.reason_for_fresh)
    return _Request(core, wanted, files)


def _steps_that_would_wait(program):
    return [n.name for n in program.graph if any(d.name == "retry" and d.wait_ms for d in n.decorators)]


def _checked_tags(tags):
    for tag in tags:
        if not tag.strip() or len(tag) > 500:
            raise UsageError(f"Invalid value for '--tag': {tag!r} is no tag: it has 1 to 500 characters")
    return tags


def _announce(program, values, run_id):
    """Tells the run's id to whoever waits for it in a file."""
    if values["run_id_file"]:
        _write(values["run_id_file"], str(run_id))
    if values["runner_attribute_file"]:
        import json

        home = _core.find_home()
        told = {"run_id": str(run_id), "flow_name": program.name, "metadata": f"local@{home}"}
        _write(values["runner_attribute_file"], json.dumps(told))


def _write(path, text):
    # In place, for it may be a pipe that somebody reads.
    try:
        with open(path, "w") as file:
            file.write(text)
    except OSError as error:
        raise CommandException(f"The run's id cannot be written to {path}: {error.strerror}.") from None


def _clamp(program):
    """Says which steps ask for more than there is, and asks for all that there is instead."""
    cpus, memory, gpus = _core.machine()
    for node in program.graph:
        for decorator in node.decorators:
            if decorator.name != "resources":
                continue
            for key, most in (("cpu", cpus), ("gpu", gpus), ("memory", memory >> 20)):
                wanted = decorator.number(key) if key in decorator.given else 0
                if wanted > most:
                    program.echo(
                        f"    @resources(step {node.name}): {key}={wanted:g} is more than this machine has; "
                        f"the step gets {most:g}."
                    )
                    decorator.given[key] = decorator.attributes[key] = most


def _fresh_arguments():
    """How this process is started once more."""
    return sys.executable, list(getattr(sys, "orig_argv", None) or [sys.executable, *sys.argv])


def _known(program):
    """What a fresh process of a task is told: the values of the configs. Also the files that were made for that."""
    import base64
    import pickle

    raw = pickle.dumps(program.configs)
    text = base64.b64encode(raw).decode()
    if len(text) < _LONGEST_VARIABLE:
        return text, []
    import tempfile

    with tempfile.NamedTemporaryFile(prefix="backlot-configs-", delete=False) as file:
        file.write(raw)
    return f"@{file.name}", [file.name]


def known(text):
    """The same in the fresh process."""
    import base64
    import pickle

    if not text.startswith("@"):
        return pickle.loads(base64.b64decode(text))
    with open(text[1:], "rb") as file:
        return pickle.load(file)


def _code(program):
    """The flow's file, and what it needs to be run again."""
    path = os.path.abspath(sys.modules[program.flow.__module__].__file__)
    with open(path, encoding="utf-8", errors="replace") as file:
        source = file.read()
    return source, sys.executable, path, os.getcwd(), os.environ.get("PYTHONPATH", "")


def _execute(program, request, core):
    program.forked = True
    process.before_fork(program.reason_for_fresh)
    try:
        report = _core.run(core, request.core)
    finally:
        process.after_run()
        for file in request.files:
            os.unlink(file)
    _call_hooks(program, report)
    if report.state == "cancelled":
        print("\nAborted!", file=sys.stderr)
    return 0 if report.ok else 1


def _call_hooks(program, report):
    """Calls the functions of @exit_hook. What they raise is told and does not change how the run ended."""
    key = "on_success" if report.ok else "on_error"
    for decorator in program.decorators:
        if decorator.name != "exit_hook":
            continue
        for hook in decorator.attributes[key]:
            name = hook if isinstance(hook, str) else hook.__name__
            try:
                _call_hook(program, hook, report.run_id)
            except Exception as error:
                print(f"[exit_hook] Hook '{name}' failed with error: {type(error).__name__}: {error}", flush=True)


def _call_hook(program, hook, run_id):
    import importlib
    import inspect

    if isinstance(hook, str):
        module, _, name = hook.rpartition(".")
        holder = importlib.import_module(module) if module else sys.modules[program.flow.__module__]
        hook = getattr(holder, name)
    wants = inspect.getfullargspec(hook)
    if "run" in wants.args or wants.varkw is not None:
        from backlot.client import Run

        hook(run=Run(f"{program.name}/{run_id}", _namespace_check=False))
    else:
        hook()
