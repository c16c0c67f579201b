"""Tasks and what they left: values, logs, metadata."""

import collections
from datetime import datetime, timezone

from backlot import _core
from backlot.client import code, notes
from backlot.client.base import PARAMETERS, MetaflowObject, find_run, local_time
from backlot.current import current

Metadata = collections.namedtuple("Metadata", ["name", "value", "created_at", "type", "task"])


class DataArtifact(MetaflowObject):
    """One value that a task left or could see."""

    _NAME = "artifact"
    _FORM = "FlowName/RunID/StepName/TaskID/ArtifactName"

    def _find(self, archive):
        task = find_task(archive, self._parts[:4])
        if task is None:
            return None
        self._parent = Task(
            "/".join(self._parts[:4]), self._attempt, task, _namespace_check=False, _current_metadata=self._folder
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


class Task(MetaflowObject):
    """One execution of a step. `attempt` picks one of several attempts; else it is the last."""

    _NAME = "task"
    _FORM = "FlowName/RunID/StepName/TaskID"

    def _find(self, archive):
        row = find_task(archive, self._parts)
        if row is not None and self._attempt is not None and self._is_of_this_task():
            # A retry may look for the attempt before it, which is written down in the next moment.
            known = any(a.number == self._attempt for a in row.attempts() if a.has_ended)
            return row if known or self._attempt >= current.retry_count else None
        return row

    @property
    def _run_row(self):
        return self._row.run

    def _created(self):
        return self._row.created

    # --- values

    def _seen(self):
        """By name all that the task could see; kept once its run has ended."""
        seen = self.__dict__.get("_all_seen")
        if seen is None:
            seen = self._row.artifacts(self._attempt)
            if seen is None:
                return {}
            if getattr(self._row.run, "ended", True):  # else another attempt may come
                self._all_seen = seen
        return seen

    def _children(self):
        return [(name, row) for name, row in self._seen().items() if not name.startswith("_")]

    def _get_child(self, name):
        seen = self.__dict__.get("_all_seen")
        row = seen.get(name) if seen is not None else self._row.find(name, self._attempt)
        if row is None and name in notes.PRIVATE:
            return notes.PRIVATE[name](self)
        return row

    @property
    def data(self):
        return MetaflowData(self)

    @property
    def artifacts(self):
        """A named tuple of the task's artifacts; one whose name is a word of Python is called by its place, as _3."""
        found = list(self)
        kind = collections.namedtuple("MetaflowArtifacts", [a.id for a in found], rename=True)
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
        """Whether it ended well; not so when it failed and @catch let the run go on."""
        last = self._last()
        return self.finished and not any(n == last.number and key == "caught" for n, key, _ in self._row.metadata())

    @property
    def finished(self):
        last = self._last()
        return last is not None and last.has_ended and last.ok

    @property
    def finished_at(self):
        """When it ended, well or not; None while it has not."""
        return local_time(self._ended())

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
        if isinstance(self._row, ParametersTask):
            return [self._noted(*one) for one in notes.of_the_parameters(self)]
        noted = getattr(self._row, "noted", None)
        if noted is not None:  # by Metaflow itself
            return [self._noted(*one[1:]) for one in noted() if self._attempt in (None, one[0])]
        found = []
        for attempt in self._row.attempts():
            if self._attempt is None or attempt.number == self._attempt:
                found += [self._noted(*one) for one in notes.noted_of(self, attempt)]
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
        return code.code_of(self)

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
        return Task(pathspec, _object=row, _namespace_check=False, _current_metadata=self._folder)


def _utc(micros):
    return datetime.fromtimestamp(micros / 1_000_000, timezone.utc).replace(tzinfo=None) if micros else None


def _text(line, as_unicode):
    return line.decode("utf-8", errors="replace") if as_unicode else line


def find_task(archive, parts):
    run = find_run(archive, parts)
    return None if run is None else task_of(run, parts[2], parts[3])


def task_of(run, step, name):
    if step == PARAMETERS and isinstance(run, _core.ArchivedRun):
        return ParametersTask(run) if name == "0" else None
    return run.task(step, name)


class ParametersTask:
    """The parameters and constants of a run, as Metaflow has them: what a task before the first one left."""

    step, id, label, index, foreachs, origin_task = PARAMETERS, "0", "", None, (), 0

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
