"""Commands that read runs back: logs and dump."""

from backlot.exception import CommandException, MetaflowNotFound
from backlot.options import INTEGER, Command, Option

_PATH = "The format for input-path is either <run_id>/<step_name> or <run_id>/<step_name>/<task_id>."


def commands():
    show = Command(
        "show", show_logs,
        [
            Option("stdout", off="no-stdout", default=False, help="Show stdout of the task."),
            Option("stderr", off="no-stderr", default=False, help="Show stderr of the task."),
            Option("both", off="no-both", default=True, help="Show both stdout and stderr of the task."),
            Option("timestamps", off="no-timestamps", default=False, help="Show timestamps."),
            Option("attempt", kind=INTEGER, help="Attempt number of a task to show, defaults to the latest attempt."),
        ],
        [("INPUT_PATH", "one")], help=f"Show stdout/stderr produced by a task or all tasks in a step. {_PATH}",
    )  # fmt: skip
    return [
        Command("logs", commands=[show], default=show, help="Commands related to logs"),
        Command(
            "dump", dump,
            [
                Option("private", off="no-private", default=False, help="Show also private attributes."),
                Option("max-value-size", kind=INTEGER, default=1000, show_default=True,
                       help="Show only values that are smaller than this number. Set to 0 to see only keys."),
                Option("include", default="", help="Include only artifacts in the given comma-separated list."),
                Option("file", help="Serialize artifacts in the given file."),
            ],
            [("INPUT_PATH", "one")], help=f"Get data artifacts of a task or all tasks in a step. {_PATH}",
        ),
    ]  # fmt: skip


def _tasks(program, path):
    """(run, step, task id, client's task) of the tasks that an input path names, by number."""
    from backlot.client import Step, Task

    parts = path.strip("/").split("/")
    if parts[0] == program.name and len(parts) > 2:
        del parts[0]
    if len(parts) not in (2, 3):
        raise CommandException("input_path should either be run_id/step_name or run_id/step_name/task_id")
    spec = "/".join([program.name, *parts])
    try:
        if len(parts) == 3:
            tasks = [Task(spec, _namespace_check=False)]
        else:
            tasks = list(Step(spec, _namespace_check=False))
    except MetaflowNotFound:
        tasks = []
    if not tasks:
        raise CommandException("No Tasks found at the given path -- either none exist or none have started yet")
    return [(parts[0], parts[1], t.id, t) for t in sorted(tasks, key=lambda t: int(t.id))]


def show_logs(program, values):
    streams = [s for s in ("stdout", "stderr") if values[s]] or (["stdout", "stderr"] if values["both"] else [])
    for run, step, number, task in _tasks(program, values["input_path"]):
        if values["attempt"] is not None:
            task = type(task)(task.pathspec, attempt=values["attempt"], _namespace_check=False)
        program.echo(f"Dumping logs of run_id={run} step={step} task_id={number}")
        for stream in streams:
            program.echo(stream)
            for time, line in task.loglines(stream):
                print(f"{_time_text(time)} {line}" if values["timestamps"] else line)
    return 0


def _time_text(time):
    if time is None:
        return "-"
    return time.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def dump(program, values):
    wanted = {name for name in values["include"].split(",") if name}
    written = {}
    for run, step, number, task in _tasks(program, values["input_path"]):
        program.echo(f"Dumping output of run_id={run} step={step} task_id={number}")
        found = {}
        for artifact in task:
            name = artifact.id
            if (name in wanted) if wanted else (values["private"] or not name.startswith("_")):
                found[name] = artifact
        if values["file"]:
            written[f"{program.name}/{run}/{step}/{number}"] = {name: a.data for name, a in found.items()}
        else:
            for name in sorted(found):
                print(_described(name, found[name], values["max_value_size"]))
    if values["file"]:
        import pickle

        with open(values["file"], "wb") as file:
            pickle.dump(written, file, protocol=4)
        program.echo(f"Artifacts written to {values['file']}")
    return 0


def _described(name, artifact, most):
    value = artifact.data
    size = getattr(artifact, "size", None)
    head = f"{name} [size: {size} type: {type(value)}]"
    return f"{head} = {value}" if size is None or size < most else head
