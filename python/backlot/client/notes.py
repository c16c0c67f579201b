"""What follows from the catalog and is read as if it had been noted: metadata, tags, values with private names."""

from backlot.exception import MetaflowExceptionWrapper
from backlot.plain_names import ForeachFrame


def system_tags(row):
    """Those of the run; of a run whose flow is no Python the user at least, by which namespaces go."""
    tags = row.system_tags
    return tags if any(t.startswith("user:") for t in tags) else [*tags, f"user:{row.user}"]


class Derived:
    """A value that follows from what is known of a task, as if it had been saved."""

    def __init__(self, value):
        self._value = value

    @property
    def size(self):
        import pickle

        return len(pickle.dumps(self._value))

    @property
    def sha(self):
        import hashlib
        import pickle

        return hashlib.sha1(pickle.dumps(self._value, protocol=4)).hexdigest()

    def load(self):
        return self._value


# --- what Metaflow saves with each task under names that begin with an underscore -------------------------------------


def _task_ok(task):
    return Derived(task.successful) if task._ended() else None


def _exception(task):
    last = task._last()
    if last is None or not last.has_ended:
        return None
    if last.failure is None:
        return Derived(None)
    kind, message, description = last.failure
    wrapper = MetaflowExceptionWrapper()
    wrapper.type, wrapper.exception, wrapper.stacktrace = kind or "Exception", message if kind else description, None
    return Derived(wrapper)


def graph_info(task):
    run = task._run_row
    kept = run.parameters().get("_graph_info")  # of Metaflow's own runs the tasks keep it, and found it there
    if kept is not None:
        return kept
    steps = {name: {"name": name, "next": list(following)} for name, following in run.graph().items()}
    return Derived({"steps": steps}) if steps else None


def _foreach_stack(task):
    frames = [
        ForeachFrame(step=step, var=var, num_splits=None, index=index, value=None)
        for step, var, index in task._row.foreachs
    ]
    if frames and task._row.label:
        frames[-1] = frames[-1]._replace(value=task._row.label)
    return Derived(frames)


def _current_step(task):
    return Derived(task._parts[2])


PRIVATE = {
    "_task_ok": _task_ok,
    "_success": _task_ok,
    "_exception": _exception,
    "_graph_info": graph_info,
    "_foreach_stack": _foreach_stack,
    "_current_step": _current_step,
}


def noted_of(task, attempt):
    """(key, value, type, time) of one attempt."""
    run, started = task._run_row, attempt.started or task._created()
    tags = dict(tag.split(":", 1) for tag in system_tags(run) if ":" in tag)
    number = str(attempt.number)
    yield "attempt", number, "attempt", started
    yield "origin-run-id", str(run.origin), "origin-run-id", started
    if run.origin and task._row.origin_task:
        yield "origin-task-id", str(task._row.origin_task), "origin-task-id", started
    yield "ds-type", "local", "ds-type", started
    yield "ds-root", run.root, "ds-root", started
    for key in ("user", "runtime", "python_version", "metaflow_version"):
        if key in tags:
            yield key, tags[key], key, started
    script = script_name(task)
    if script:
        yield "script-name", script, "script-name", started
    around = task._row.foreachs
    if around:
        path = ",".join(f"{step}:{index}" for step, _, index in around)
        yield "foreach-execution-path", path, "foreach-execution-path", started
        yield "foreach-stack", [f"{around[-1][1]}={task._row.label}"], "foreach-stack", started
    if attempt.has_ended:
        yield "attempt_ok", str(attempt.ok), "internal_attempt_status", attempt.ended
        yield "attempt-done", number, "attempt-done", attempt.ended


def of_the_parameters(task):
    run = task._run_row
    tags = dict(tag.split(":", 1) for tag in system_tags(run) if ":" in tag)
    for key in ("user", "runtime", "python_version", "metaflow_version"):
        if key in tags:
            yield key, tags[key], key, run.created
    script = script_name(task)
    if script:
        yield "script-name", script, "script-name", run.created
    yield "attempt-done", "0", "attempt-done", run.created
    info = graph_info(task)
    info = info.load() if info is not None else {}
    for key in ("start_step", "end_step"):
        if key in info:
            yield key, info[key], key, run.created


def script_name(task):
    info = graph_info(task)
    return info.load().get("file") if info is not None else None
