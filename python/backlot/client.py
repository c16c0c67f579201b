"""Reading back what ran: flows, runs, steps, tasks, artifacts, as Metaflow's client.

Nothing is loaded before it is asked for. Iteration gives what is newest first.
"""

import collections
import os
from datetime import datetime, timezone

from backlot import about
from backlot.exception import (
    MetaflowException,
    MetaflowExceptionWrapper,
    MetaflowInternalError,
    MetaflowInvalidPathspec,
    MetaflowNamespaceMismatch,
    MetaflowNotFound,
    MetaflowTaggingError,
)

Metadata = collections.namedtuple("Metadata", ["name", "value", "created_at", "type", "task"])
ForeachFrame = collections.namedtuple("ForeachFrame", ["step", "var", "num_splits", "index", "value"])

_MOST_ATTEMPTS = 6
_LONGEST_TAG = 500
_PARAMETERS = "_parameters"
_PAGE = 50


# --- where it is read from, and what may be seen ---------------------------------------------------------------------

_namespace = False  # False: not chosen yet
_place = None  # text of metadata(); None: the home that runs write to
_archives = {}


def namespace(ns):
    """From now on only what bears this tag is found; None: everything."""
    global _namespace
    _namespace = ns
    return get_namespace()


def get_namespace():
    """The namespace in which objects are looked for."""
    if _namespace is False:
        default_namespace()
    return _namespace


def default_namespace():
    """Goes back to one's own namespace, "user:<name>"."""
    global _namespace
    _namespace = about.identity()
    return get_namespace()


def metadata(ms):
    """Where to read from: "local@FOLDER" or a folder, which is a home of Backlot or holds a .metaflow folder."""
    global _place
    kind, at, place = ms.partition("@")
    if not at:
        kind, place = ("service", ms) if ms.startswith("http") else ("local", ms)
    if kind not in ("local", "backlot"):
        raise MetaflowException(f"metadata({ms!r}): there is no metadata service here. Give a folder, as local@FOLDER.")
    if place:
        _archives_at(place)
    _place = place or None
    return get_metadata()


def get_metadata():
    """Where objects are read from, as `metadata` takes it."""
    return f"local@{_place or _home()}"


def default_metadata():
    """Goes back to the home that runs of this process write to."""
    global _place
    _place = None
    return get_metadata()


def close():
    """Lets go of all open homes; they are opened again when they are needed."""
    for archives in _archives.values():
        for archive in archives:
            archive.close()


def _home():
    from backlot import _core

    return _core.find_home()


def _archives_of(place):
    """The homes and folders in which to look, one after the other."""
    if place is not None:
        return _archives_at(place)
    found = list(_archive_of_home(_home()))
    from backlot import metaflow_folder

    folder = metaflow_folder.nearest()
    if folder is not None:
        found.append(_cached(folder, metaflow_folder.Archive))
    return found


def _archives_at(place):
    place = os.path.abspath(place)
    found = list(_archive_of_home(place))
    from backlot import metaflow_folder

    folder = metaflow_folder.inside(place)
    if folder is not None:
        found.append(_cached(folder, metaflow_folder.Archive))
    if not found and place != _home():
        raise ValueError(f"{place} is neither a home of Backlot nor does it hold a .metaflow folder.")
    return found


def _archive_of_home(home):
    if os.path.exists(os.path.join(home, "catalog.sqlite")):  # looking makes nothing
        from backlot import _core

        yield _cached(home, _core.Archive)


def _cached(path, kind):
    if path not in _archives:
        _archives[path] = [kind(path)]
    return _archives[path][0]


def _local_time(micros):
    return datetime.fromtimestamp(micros // 1000 / 1000) if micros else None


# --- what all objects share ------------------------------------------------------------------------------------------


class MetaflowObject:
    """A flow, a run, a step, a task or an artifact, by its pathspec. Holds what is below it."""

    _NAME = "base"
    _FORM = ""
    _child_class = None  # set below
    _parent_class = None

    def __init__(
        self,
        pathspec=None,
        attempt=None,
        _object=None,
        _parent=None,
        _namespace_check=True,
        _metaflow=None,
        _current_namespace=None,
        _current_metadata=None,
    ):
        self._place = _current_metadata if _current_metadata is not None else _place
        if self._place and "@" in self._place:
            self._place = self._place.partition("@")[2]
        if self._place == _home():
            self._place = None
        self._attempt = _checked_attempt(attempt, self._NAME)
        self._parent = _parent
        self._ns = _current_namespace or get_namespace()
        self._namespace_check = bool(_namespace_check) and self._ns is not None
        if _object is None:
            parts = (pathspec or "").split("/")
            if len(parts) != self._FORM.count("/") + 1 or not all(parts):
                raise MetaflowInvalidPathspec(f"Expects {type(self).__name__}('{self._FORM}')")
            self._parts = parts
            self._look_up()
        else:
            self._parts = pathspec.split("/")
            self._row = _object
        self.id = self._parts[-1]
        if self._namespace_check and not self._is_in(self._ns):
            raise MetaflowNamespaceMismatch(self._ns)

    def _look_up(self):
        for archive in _archives_of(self._place):
            row = self._find(archive)
            if row is not None:
                self._row = row
                return
        raise MetaflowNotFound(f"{self} does not exist")

    def _find(self, archive):
        """What stands for this object in an archive, or None."""
        raise NotImplementedError

    @property
    def _run_row(self):
        """The run in the archive."""
        raise NotImplementedError

    def _is_in(self, ns):
        return ns is None or ns in self.tags

    def is_in_namespace(self):
        """Whether this object bears the tag of the current namespace."""
        return self._is_in(get_namespace())

    def _child(self, name, row):
        return self._child_class(
            pathspec=f"{self.pathspec}/{name}",
            attempt=self._attempt,
            _object=row,
            _parent=self,
            _namespace_check=self._namespace_check,
            _current_namespace=self._ns if self._namespace_check else None,
            _current_metadata=self._place,
        )

    def _children(self):
        """(name, row) of what is below, newest first."""
        return ()

    def _get_child(self, name):
        """The row of what is below by this name, or None."""
        return None

    def __iter__(self):
        for name, row in self._children():
            try:
                yield self._child(name, row)
            except MetaflowNamespaceMismatch:
                continue

    def _filtered(self, tags):
        return (child for child in self if all(tag in child.tags for tag in tags))

    def __getitem__(self, name):
        row = self._get_child(str(name))
        if row is None:
            raise KeyError(name)
        return self._child(str(name), row)

    def __contains__(self, name):
        return self._get_child(str(name)) is not None

    def _ipython_key_completions_(self):
        return [child.id for child in self]

    def __str__(self):
        attempt = f", attempt={self._attempt}" if self._attempt is not None else ""
        return f"{type(self).__name__}('{self.pathspec}'{attempt})"

    __repr__ = __str__

    def __getstate__(self):
        # The form in which Metaflow pickles its objects: either can read what the other has written.
        place = f"local@{self._place or _home()}"
        return {
            "version": "2.12.27",
            "data": [self.pathspec, self._attempt, place, self._ns, self._namespace_check],
        }

    def __setstate__(self, state):
        if "data" not in state:
            self.__init__(state.get("_pathspec"), state.get("_attempt"), _namespace_check=False)
            return
        data = state["data"]
        pathspec, attempt, check = data[0], data[1], data[-1]
        names = {3: (None, None), 4: (None, data[2]), 5: (data[2], data[3])} if len(data) >= 4 else {3: (None, None)}
        if len(data) not in names:
            raise MetaflowInternalError(f"This pickle of {type(self).__name__} is of a form that is not known.")
        place, ns = names[len(data)]
        self.__init__(pathspec, attempt, _namespace_check=check, _current_namespace=ns, _current_metadata=place)

    @property
    def pathspec(self):
        """The address of this object: what its constructor takes."""
        return "/".join(self._parts)

    @property
    def path_components(self):
        return list(self._parts)

    @property
    def parent(self):
        """What this object is a part of; None of a flow."""
        if self._parent_class is None:
            return None
        if self._parent is None:
            self._parent = self._parent_class(
                "/".join(self._parts[:-1]),
                attempt=self._attempt if self._NAME == "artifact" else None,
                _namespace_check=False,
                _current_metadata=self._place,
            )
        return self._parent

    @property
    def tags(self):
        """The tags of the run, those of the user and those of the system."""
        return self.user_tags | self.system_tags

    @property
    def user_tags(self):
        return frozenset(self._run_row.tags)

    @property
    def system_tags(self):
        return frozenset(_system_tags(self._run_row))

    @property
    def created_at(self):
        """When it came to be, in local time."""
        return _local_time(self._created())

    def _created(self):
        raise NotImplementedError

    @property
    def origin_pathspec(self):
        """The address of what this object was cloned from by a resume; None if it was not."""
        origin = self._run_row.origin
        return f"{self._parts[0]}/{origin}" if origin else None


def _checked_attempt(attempt, name):
    if attempt is None:
        return None
    if name not in ("task", "artifact"):
        raise MetaflowNotFound("Attempts can only be specified for Task or DataArtifact")
    try:
        attempt = int(attempt)
    except (TypeError, ValueError):
        raise MetaflowNotFound("Attempt can only be an integer") from None
    if attempt < 0:
        raise MetaflowNotFound("Attempt can only be non-negative")
    if attempt >= _MOST_ATTEMPTS:
        raise MetaflowNotFound(f"Attempt can only be smaller than {_MOST_ATTEMPTS}")
    return attempt


def _system_tags(row):
    """Those of the run; of a run whose flow is no Python the user at least, by which namespaces go."""
    tags = row.system_tags
    return tags if any(t.startswith("user:") for t in tags) else [*tags, f"user:{row.user}"]


# --- artifacts -------------------------------------------------------------------------------------------------------


class DataArtifact(MetaflowObject):
    """One value that a task left or could see."""

    _NAME = "artifact"
    _FORM = "FlowName/RunID/StepName/TaskID/ArtifactName"

    def _find(self, archive):
        task = _find_task(archive, self._parts[:4])
        if task is None:
            return None
        self._parent = Task(
            "/".join(self._parts[:4]), self._attempt, task, _namespace_check=False, _current_metadata=self._place
        )
        return self._parent._get_child(self._parts[4])

    @property
    def _run_row(self):
        return self.parent._run_row

    def _created(self):
        return self.parent._ended() or self.parent._created()

    @property
    def data(self):
        """The value, loaded anew each time."""
        value = self._row.load()
        decode = getattr(value, "decode", None)
        if decode is not None and getattr(type(value), "_is_included_file", False):
            return decode(self.id)
        return value

    @property
    def size(self):
        """Of the stored value, in bytes."""
        return self._row.size

    @property
    def sha(self):
        """What identifies the value: same value, same text."""
        return self._row.sha

    @property
    def finished_at(self):
        return self.created_at

    @property
    def origin_pathspec(self):
        task = self.parent.origin_pathspec
        return f"{task}/{self.id}" if task else None


class MetaflowData:
    """The values of a task by name: `task.data.x`, `"x" in task.data`."""

    def __init__(self, artifacts):
        self._artifacts = {artifact.id: artifact for artifact in artifacts}

    def __getattr__(self, name):
        artifacts = self.__dict__.get("_artifacts", {})
        if name not in artifacts:
            raise AttributeError(name)
        return artifacts[name].data

    def __contains__(self, name):
        return name in self._artifacts

    def __dir__(self):
        return [*self._artifacts, *object.__dir__(self)]

    def __str__(self):
        return f"<MetaflowData: {', '.join(self._artifacts)}>"

    __repr__ = __str__


class _Synthetic:
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


# --- tasks -----------------------------------------------------------------------------------------------------------


class Task(MetaflowObject):
    """One execution of a step. `attempt` picks one of several attempts; else it is the last."""

    _NAME = "task"
    _FORM = "FlowName/RunID/StepName/TaskID"

    def _find(self, archive):
        return _find_task(archive, self._parts)

    @property
    def _run_row(self):
        return self._row.run

    def _created(self):
        return self._row.created

    # --- values

    def _seen(self):
        """By name all that the task could see; cached once the attempt has ended."""
        seen = self.__dict__.get("_all_seen")
        if seen is None:
            seen = self._row.artifacts(self._attempt)
            if seen is None:
                return {}
            self._all_seen = seen
        return seen

    def _children(self):
        return [(name, row) for name, row in self._seen().items() if not name.startswith("_")]

    def _get_child(self, name):
        seen = self.__dict__.get("_all_seen")
        row = seen.get(name) if seen is not None else self._row.find(name, self._attempt)
        if row is None and name in _PRIVATE:
            return _PRIVATE[name](self)
        return row

    @property
    def data(self):
        return MetaflowData(self)

    @property
    def artifacts(self):
        """A named tuple of the task's artifacts."""
        found = list(self)
        kind = collections.namedtuple("MetaflowArtifacts", [a.id for a in found])
        return kind._make(found)

    # --- how it went

    def _last(self):
        """The attempt that is meant, or None while there is none."""
        attempts = self._row.attempts()
        if self._attempt is not None:
            attempts = [a for a in attempts if a.number == self._attempt]
        return attempts[-1] if attempts else None

    def _ended(self):
        last = self._last()
        return last.ended if last is not None and last.has_ended else 0

    @property
    def successful(self):
        last = self._last()
        return last is not None and last.has_ended and last.ok

    @property
    def finished(self):
        return self.successful

    @property
    def finished_at(self):
        """When it ended, well or not; None while it has not."""
        return _local_time(self._ended())

    @property
    def exception(self):
        """What the step raised; None when it did not."""
        found = self._get_child("_exception")
        return found.load() if found is not None else None

    @property
    def current_attempt(self):
        if self._attempt is not None:
            return self._attempt
        last = self._last()
        return last.number if last is not None else 0

    @property
    def runtime_name(self):
        for tag in self.system_tags:
            if tag.startswith("runtime:"):
                return tag.partition(":")[2]
        return None

    @property
    def index(self):
        """The number of its item in the innermost foreach; None outside of one."""
        return self._row.index

    # --- what it wrote

    @property
    def stdout(self):
        return self._log("stdout")

    @property
    def stderr(self):
        return self._log("stderr")

    def _log(self, stream):
        return "".join(f"{line}\n" for _, line in self.loglines(stream))

    @property
    def stdout_size(self):
        last = self._last()
        return last.out_bytes if last else 0

    @property
    def stderr_size(self):
        last = self._last()
        return last.err_bytes if last else 0

    def loglines(self, stream, as_unicode=True, meta_dict=None):
        """(time in UTC, line) of what the attempt wrote to "stdout" or "stderr"."""
        rest, began = b"", None
        for micros, data in self._row.log(self.current_attempt, stream):
            lines = data.split(b"\n")
            for line in lines[:-1]:
                yield _utc(began or micros), _text(rest + line, as_unicode)
                rest, began = b"", None
            if lines[-1]:
                rest, began = rest + lines[-1], began or micros
        if rest:
            yield _utc(began), _text(rest, as_unicode)

    # --- what is noted about it

    @property
    def metadata(self):
        """What is noted about its attempts, or about the one that was picked."""
        if self.id == "0" and self._parts[2] == _PARAMETERS:
            return [self._noted(*one) for one in _of_the_parameters(self)]
        found = []
        for attempt in self._row.attempts():
            if self._attempt is None or attempt.number == self._attempt:
                found += [self._noted(*one) for one in _noted_of(self, attempt)]
        for number, key, value in self._row.metadata():
            if self._attempt is None or number == self._attempt:
                found.append(self._noted(key, value, key, self._ended() or self._created()))
        return found

    def _noted(self, key, value, kind, micros):
        return Metadata(name=key, value=value, created_at=micros // 1000, type=kind, task=self)

    @property
    def metadata_dict(self):
        """The latest value of each."""
        return {m.name: m.value for m in sorted(self.metadata, key=lambda m: m.created_at)}

    @property
    def code(self):
        return _code(self)

    @property
    def environment_info(self):
        return None

    @property
    def origin_pathspec(self):
        run, number = self._run_row.origin, self._row.origin_task
        return f"{self._parts[0]}/{run}/{self._parts[2]}/{number}" if run and number else None

    # --- its neighbours

    @property
    def parent_tasks(self):
        """The tasks whose ends led to this one."""
        return (self._neighbour(row) for row in self._row.before())

    @property
    def child_tasks(self):
        """The tasks that this one led to."""
        return (self._neighbour(row) for row in self._row.after())

    @property
    def parent_task_pathspecs(self):
        return (task.pathspec for task in self.parent_tasks)

    @property
    def child_task_pathspecs(self):
        return (task.pathspec for task in self.child_tasks)

    def _neighbour(self, row):
        pathspec = "/".join([*self._parts[:2], row.step, row.id])
        return Task(pathspec, _object=row, _namespace_check=False, _current_metadata=self._place)


def _utc(micros):
    return datetime.fromtimestamp(micros / 1_000_000, timezone.utc).replace(tzinfo=None) if micros else None


def _text(line, as_unicode):
    return line.decode("utf-8", errors="replace") if as_unicode else line


def _find_task(archive, parts):
    run = _find_run(archive, parts)
    return None if run is None else _task_of(run, parts[2], parts[3])


def _task_of(run, step, name):
    if step == _PARAMETERS:
        return _ParametersTask(run) if name == "0" else None
    return run.task(step, name)


class _ParametersTask:
    """The parameters and constants of a run, as Metaflow has them: what a task before the first one left."""

    step, id, label, index, path, origin_task = _PARAMETERS, "0", "", None, "[]", 0

    def __init__(self, run):
        self.run, self.created = run, run.created

    def attempts(self):
        return []

    def artifacts(self, attempt=None):
        return self.run.parameters()

    def find(self, name, attempt=None):
        return self.run.parameters().get(name)

    def metadata(self):
        return []

    def log(self, attempt, stream):
        return []

    def before(self):
        return []

    def after(self):
        return []


# What Metaflow saves with each task under names that begin with an underscore; here it follows from the catalog.


def _task_ok(task):
    return _Synthetic(task.successful) if task._ended() else None


def _exception(task):
    last = task._last()
    if last is None or not last.has_ended:
        return None
    if last.failure is None:
        return _Synthetic(None)
    kind, message, description = last.failure
    wrapper = MetaflowExceptionWrapper()
    wrapper.type, wrapper.exception, wrapper.stacktrace = kind or "Exception", message or description, None
    return _Synthetic(wrapper)


def _graph_info(task):
    run = task._run_row
    kept = run.parameters().get("_graph_info")
    if kept is not None:
        return kept
    steps = {name: {"name": name, "next": list(following)} for name, following in run.graph().items()}
    return _Synthetic({"steps": steps}) if steps else None


def _foreach_stack(task):
    frames = [
        ForeachFrame(step=step, var=None, num_splits=None, index=int(index), value=None)
        for step, index in _foreach_path(task)
    ]
    if frames and task._row.label:
        frames[-1] = frames[-1]._replace(value=task._row.label)
    return _Synthetic(frames)


def _current_step(task):
    return _Synthetic(task._parts[2])


_PRIVATE = {
    "_task_ok": _task_ok,
    "_success": _task_ok,
    "_exception": _exception,
    "_graph_info": _graph_info,
    "_foreach_stack": _foreach_stack,
    "_current_step": _current_step,
}


def _foreach_path(task):
    """(step, index) of each foreach around, outermost first: the step is the one that the foreach leads to."""
    items = [part.partition("@")[0] for part in task._row.path.strip("[]").split(".")]
    indices = [item for item in items if item]
    if not indices:
        return []
    info = _graph_info(task)
    steps = info.load()["steps"] if info is not None else {}
    return list(zip(_foreach_steps(steps, task._parts[2]), indices))


def _foreach_steps(steps, name):
    """The first steps of the foreachs around a step, outermost first."""
    found = {}

    def visit(step, around):
        if step in found or step not in steps:
            return
        info = steps[step]
        found[step] = around
        for following in info["next"]:
            inside = around
            if info.get("type") == "split-foreach":
                inside = (*around, ("foreach", following))
            elif info.get("type") == "split":
                inside = (*around, ("split", step))
            if steps.get(following, {}).get("type") == "join":
                inside = inside[:-1]
            visit(following, inside)

    first = next(iter(steps), None)
    for step, info in steps.items():
        if not any(step in other["next"] for other in steps.values() if other is not info):
            first = step
    visit(first, ())
    return [head for kind, head in found.get(name, ()) if kind == "foreach"]


def _noted_of(task, attempt):
    """(key, value, type, time) of one attempt."""
    run, started = task._run_row, attempt.started or task._created()
    tags = dict(tag.split(":", 1) for tag in _system_tags(run) if ":" in tag)
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
    script = _script_name(task)
    if script:
        yield "script-name", script, "script-name", started
    path = _foreach_path(task)
    if path:
        label = task._row.label
        yield "foreach-execution-path", ",".join(f"{s}:{i}" for s, i in path), "foreach-execution-path", started
        if label:
            yield "foreach-stack", [label], "foreach-stack", started
    if attempt.has_ended:
        yield "attempt_ok", str(attempt.ok), "internal_attempt_status", attempt.ended
        yield "attempt-done", number, "attempt-done", attempt.ended


def _of_the_parameters(task):
    run = task._run_row
    tags = dict(tag.split(":", 1) for tag in _system_tags(run) if ":" in tag)
    for key in ("user", "runtime", "python_version", "metaflow_version"):
        if key in tags:
            yield key, tags[key], key, run.created
    script = _script_name(task)
    if script:
        yield "script-name", script, "script-name", run.created
    yield "attempt-done", "0", "attempt-done", run.created
    info = _graph_info(task)
    info = info.load() if info is not None else {}
    for key in ("start_step", "end_step"):
        if key in info:
            yield key, info[key], key, run.created


def _script_name(task):
    info = _graph_info(task)
    return info.load().get("file") if info is not None else None


# --- steps -----------------------------------------------------------------------------------------------------------


class Step(MetaflowObject):
    """A step of a run: its tasks."""

    _NAME = "step"
    _FORM = "FlowName/RunID/StepName"

    def _find(self, archive):
        run = _find_run(archive, self._parts)
        return run if run is not None and _has_step(run, self._parts[2]) else None

    @property
    def _run_row(self):
        return self._row

    def _rows(self):
        """By number."""
        return [_ParametersTask(self._row)] if self.id == _PARAMETERS else self._row.tasks(self.id)

    def _children(self):
        return [(row.id, row) for row in reversed(self._rows())]

    def _get_child(self, name):
        return _task_of(self._row, self.id, name)

    def _created(self):
        return min((row.created for row in self._rows()), default=self._row.created)

    @property
    def task(self):
        """The newest of its tasks: the only one, outside of a foreach."""
        for name, row in self._children():
            return self._child(name, row)
        return None

    def tasks(self, *tags):
        """Its tasks that bear all these tags, newest first."""
        return self._filtered(tags)

    @property
    def control_task(self):
        return next(self.control_tasks(), None)

    def control_tasks(self, *tags):
        return iter(())

    @property
    def finished_at(self):
        """When the last of its tasks ended; None while one has not."""
        times = [task.finished_at for task in self]
        return max(times) if times and None not in times else None

    @property
    def environment_info(self):
        return None

    @property
    def parent_steps(self):
        """The steps that lead to this one."""
        graph = self._row.graph()
        return (self._other(name) for name, following in graph.items() if self.id in following and name != self.id)

    @property
    def child_steps(self):
        """The steps to which this one leads."""
        return (self._other(name) for name in self._row.graph().get(self.id, ()))

    def _other(self, name):
        pathspec = "/".join([*self._parts[:2], name])
        return Step(pathspec, _namespace_check=False, _current_metadata=self._place)

    @property
    def origin_pathspec(self):
        run = self._row.origin
        return f"{self._parts[0]}/{run}/{self.id}" if run else None


def _has_step(run, name):
    return name == _PARAMETERS or name in run.steps()


# --- runs ------------------------------------------------------------------------------------------------------------


class Run(MetaflowObject):
    """One execution of a flow."""

    _NAME = "run"
    _FORM = "FlowName/RunID"

    def _find(self, archive):
        return _find_run(archive, self._parts)

    @property
    def _run_row(self):
        return self._row

    def _created(self):
        return self._row.created

    def _children(self):
        return [(name, self._row) for name in reversed(self._row.steps())]

    def _get_child(self, name):
        return self._row if _has_step(self._row, name) else None

    def steps(self, *tags):
        """Its steps, the newest first."""
        return self._filtered(tags)

    @property
    def end_task(self):
        """The task of the flow's last step; None while there is none."""
        graph = self._row.graph()
        last = next((name for name, following in graph.items() if not following), "end")
        step = self[last] if last in self else None
        return step.task if step is not None else None

    @property
    def data(self):
        """The values that the last step sees; None while it has not run."""
        end = self.end_task
        return end.data if end is not None else None

    @property
    def successful(self):
        end = self.end_task
        return end is not None and end.successful

    @property
    def finished(self):
        """Whether the last step has been done: False after a failure."""
        end = self.end_task
        return end is not None and end.finished

    @property
    def finished_at(self):
        end = self.end_task
        return end.finished_at if end is not None else None

    @property
    def code(self):
        return _code(self)

    @property
    def trigger(self):
        return None

    # --- tags

    def add_tag(self, tag):
        """Adds a tag; what is a system tag already is left as it is."""
        return self.replace_tag([], tag)

    def add_tags(self, tags):
        return self.replace_tags([], tags)

    def remove_tag(self, tag):
        """Removes a tag of the user; one that is not there is no error."""
        return self.replace_tag(tag, [])

    def remove_tags(self, tags):
        return self.replace_tags(tags, [])

    def replace_tag(self, tag_to_remove, tag_to_add):
        """Removes one and adds one at once."""
        remove = [tag_to_remove] if isinstance(tag_to_remove, (str, bytes)) else tag_to_remove
        add = [tag_to_add] if isinstance(tag_to_add, (str, bytes)) else tag_to_add
        return self.replace_tags(remove, add)

    def replace_tags(self, tags_to_remove, tags_to_add):
        """Removes and adds at once; what is in both is there afterwards."""
        remove, add = _checked_tags(tags_to_remove, "tags_to_remove"), _checked_tags(tags_to_add, "tags_to_add")
        if not remove and not add:
            raise MetaflowTaggingError("Must add or remove at least one tag")
        system = self.system_tags
        if remove & system:
            raise MetaflowTaggingError(
                f"Cannot remove a tag that is an existing system tag ({sorted(remove & system)})"
            )
        have = set(self._row.tags)
        add, remove = add - system - have, (remove - add) & have
        if not add and not remove:
            return
        change = getattr(self._row, "change_tags", None)
        if change is None:
            raise MetaflowTaggingError(f"{self} is of a .metaflow folder, which is only read here.")
        from backlot.errors import Error

        try:
            change(sorted(add), sorted(remove))
        except Error as error:
            raise MetaflowTaggingError(str(error)) from error


def _checked_tags(tags, what):
    try:
        tags = set(tags)
    except TypeError:
        raise MetaflowTaggingError(f"{what} must be iterable") from None
    for tag in tags:
        if not isinstance(tag, str):
            raise MetaflowTaggingError(f"Tags must be strings, not {tag!r}")
        if not tag:
            raise MetaflowTaggingError("Tags must not be empty string")
        if len(tag) > _LONGEST_TAG:
            raise MetaflowTaggingError(f"Tag is too long {len(tag)} > {_LONGEST_TAG}")
    return tags


def _find_run(archive, parts):
    return archive.run(parts[0], parts[1])


class MetaflowCode:
    """The source of a run: the file in which its flow is written."""

    def __init__(self, flow_name, source, script_name, path):
        self._source = source
        self.script_name, self.path = script_name, path
        self.info = {"script": script_name, "flow_name": flow_name}

    @property
    def flowspec(self):
        """The text of the flow's file."""
        return self._source.decode("utf-8", errors="replace")

    @property
    def tarball(self):
        """An archive that holds the file."""
        import io
        import tarfile

        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as tar:
            entry = tarfile.TarInfo(self.script_name)
            entry.size = len(self._source)
            tar.addfile(entry, io.BytesIO(self._source))
        packed.seek(0)
        return tarfile.open(fileobj=packed, mode="r:gz")

    def extract(self):
        """A temporary folder with the file, removed when the object goes."""
        import tempfile

        folder = tempfile.TemporaryDirectory()
        with open(os.path.join(folder.name, self.script_name), "wb") as file:
            file.write(self._source)
        return folder

    def __str__(self):
        return f"<MetaflowCode: {self.script_name}>"

    __repr__ = __str__


def _code(of):
    """The code of a run of a Python flow; None of others, whose code is a program."""
    run = of._run_row
    info = _graph_info(of)
    script = info.load().get("file") if info is not None else None
    source = run.code if script else b""
    return MetaflowCode(of._parts[0], source, script, f"{run.root}/store") if source else None


# --- flows -----------------------------------------------------------------------------------------------------------


class Flow(MetaflowObject):
    """All runs of a flow."""

    _NAME = "flow"
    _FORM = "FlowName"

    def _find(self, archive):
        return archive if self._parts[0] in archive.flows() else None

    @property
    def _run_row(self):
        return _NoRun

    def _is_in(self, ns):
        return any(True for _ in self)

    def _created(self):
        oldest = None
        for _, row in self._children():
            oldest = row
        return oldest.created if oldest is not None else 0

    def _children(self):
        before = 0
        while True:
            page = self._row.runs(self.id, before, _PAGE)
            for row in page:
                yield row.id, row
            if len(page) < _PAGE:
                return
            before = page[-1].key

    def _get_child(self, name):
        return self._row.run(self.id, name)

    @property
    def latest_run(self):
        """The newest run, also one that runs or has failed."""
        return next(iter(self), None)

    @property
    def latest_successful_run(self):
        """The newest run that has been done to its end."""
        return next((run for run in self if run.successful), None)

    def runs(self, *tags):
        """The runs that bear all these tags, newest first."""
        return self._filtered(tags)


class _NoRun:
    """A flow has no tags of its own."""

    tags, system_tags, origin, user = (), ("user:",), None, ""


_NoRun.system_tags = ()


class Metaflow:
    """All flows that have a run in the current namespace."""

    def __init__(self, _current_metadata=None):
        self._place = _current_metadata if _current_metadata is not None else _place

    @property
    def flows(self):
        return list(self)

    def __iter__(self):
        seen = set()
        for archive in _archives_of(self._place):
            for name in archive.flows():
                if name in seen:
                    continue
                seen.add(name)
                try:
                    yield Flow(name, _object=archive, _current_metadata=self._place)
                except MetaflowNamespaceMismatch:
                    continue

    def __getitem__(self, name):
        return Flow(name, _current_metadata=self._place)

    def __str__(self):
        return "Metaflow()"

    __repr__ = __str__

    def _ipython_key_completions_(self):
        return [flow.id for flow in self]


Flow._child_class, Run._child_class, Step._child_class, Task._child_class = Run, Step, Task, DataArtifact
Run._parent_class, Step._parent_class, Task._parent_class, DataArtifact._parent_class = Flow, Run, Step, Task
