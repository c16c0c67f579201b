"""Flows, their runs and the steps of those."""

from backlot.client import archives, code
from backlot.client.base import PARAMETERS, MetaflowObject, find_run
from backlot.client.tasks import DataArtifact, Task, task_of
from backlot.exception import MetaflowNamespaceMismatch, MetaflowTaggingError

_LONGEST_TAG = 500
_PAGE = 50


class Step(MetaflowObject):
    """A step of a run: its tasks."""

    _NAME = "step"
    _FORM = "FlowName/RunID/StepName"

    def _find(self, archive):
        run = find_run(archive, self._parts)
        return run if run is not None and has_step(run, self._parts[2]) else None

    @property
    def _run_row(self):
        return self._row

    def _rows(self):
        """By number."""
        if self.id == PARAMETERS:
            task = task_of(self._row, PARAMETERS, "0")
            return [task] if task is not None else []
        return self._row.tasks(self.id)

    def _children(self):
        return [(row.id, row) for row in reversed(self._rows())]

    def _get_child(self, name):
        return task_of(self._row, self.id, name)

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
        return Step(pathspec, _namespace_check=False, _current_metadata=self._folder)

    @property
    def origin_pathspec(self):
        run = self._row.origin
        return f"{self._parts[0]}/{run}/{self.id}" if run else None


def has_step(run, name):
    return name == PARAMETERS or name in run.steps()


class Run(MetaflowObject):
    """One execution of a flow."""

    _NAME = "run"
    _FORM = "FlowName/RunID"

    def _find(self, archive):
        return find_run(archive, self._parts)

    @property
    def _run_row(self):
        return self._row

    def _created(self):
        return self._row.created

    def _children(self):
        return [(name, self._row) for name in reversed(self._row.steps())]

    def _get_child(self, name):
        return self._row if has_step(self._row, name) else None

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
        return code.code_of(self)

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
        # Whether the run bears them now is not asked: others change its tags, too.
        add, remove = add - system, remove - add
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


class Flow(MetaflowObject):
    """All runs of a flow."""

    _NAME = "flow"
    _FORM = "FlowName"

    def _find(self, archive):
        return archive if self._parts[0] in archive.flows() else None

    # A flow has no tags of its own, and is where a run of it is.
    tags: frozenset = frozenset()
    user_tags = system_tags = tags
    origin_pathspec = None

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


class Metaflow:
    """All flows that have a run in the current namespace."""

    def __init__(self, _current_metadata=None):
        self._folder = archives.folder_of(_current_metadata)

    @property
    def flows(self):
        return list(self)

    def __iter__(self):
        seen = set()
        for archive in archives.archives_of(self._folder):
            for name in archive.flows():
                if name in seen:
                    continue
                seen.add(name)
                try:
                    yield Flow(name, _object=archive, _current_metadata=self._folder)
                except MetaflowNamespaceMismatch:
                    continue

    def __getitem__(self, name):
        return Flow(name, _current_metadata=self._folder)

    def __str__(self):
        return "Metaflow()"

    __repr__ = __str__

    def _ipython_key_completions_(self):
        return [flow.id for flow in self]


Flow._child_class, Run._child_class, Step._child_class, Task._child_class = Run, Step, Task, DataArtifact
Run._parent_class, Step._parent_class, Task._parent_class, DataArtifact._parent_class = Flow, Run, Step, Task
