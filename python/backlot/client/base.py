"""What flows, runs, steps, tasks and artifacts share: an address, what is above and below, tags, pickling."""

import time
from datetime import datetime

from backlot.client import archives, notes
from backlot.current import current
from backlot.exception import (
    MetaflowInternalError,
    MetaflowInvalidPathspec,
    MetaflowNamespaceMismatch,
    MetaflowNotFound,
)

_MOST_ATTEMPTS = 6
_OWN_TASK_MS = 5000
PARAMETERS = "_parameters"  # the step under which the parameters of a run are found


def local_time(micros):
    """Naive, as people read clocks; None for no time."""
    return datetime.fromtimestamp(micros // 1000 / 1000) if micros else None


def find_run(archive, parts):
    return archive.run(parts[0], parts[1])


class MetaflowObject:
    """A flow, a run, a step, a task or an artifact, by its pathspec. Holds what is below it."""

    _NAME = "base"
    _FORM = ""
    _child_class: type  # set in runs.py, where all are known
    _parent_class: type

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
        self._folder = archives.folder_of(_current_metadata)
        self._attempt = _checked_attempt(attempt, self._NAME)
        self._parent = _parent
        self._ns = _current_namespace or archives.get_namespace()
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
        known = _parent is not None and _parent._NAME != "flow" and _parent._namespace_check  # its tags are the run's
        if self._namespace_check and not known and not self._is_in(self._ns):
            raise MetaflowNamespaceMismatch(self._ns)

    def _look_up(self):
        patience = 0
        while True:
            for archive in archives.archives_of(self._folder):
                row = self._find(archive)
                if row is not None:
                    self._row = row
                    return
            # A task that looks for itself may be quicker than its scheduler, which writes it down with others.
            patience = patience or (_OWN_TASK_MS if self._is_of_this_task() else 0)
            if patience <= 1:
                raise MetaflowNotFound(f"{self} does not exist")
            time.sleep(0.001)
            patience -= 1

    def _is_of_this_task(self):
        task = current.pathspec
        return task is not None and len(self._parts) > 2 and task.split("/")[: len(self._parts)] == self._parts[:4]

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
        return self._is_in(archives.get_namespace())

    def _child(self, name, row):
        return self._child_class(
            pathspec=f"{self.pathspec}/{name}",
            attempt=self._attempt,
            _object=row,
            _parent=self,
            _namespace_check=self._namespace_check,
            _current_namespace=self._ns if self._namespace_check else None,
            _current_metadata=self._folder,
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
        where = f"local@{self._folder or archives.home()}"
        return {
            "version": "2.12.27",
            "data": [self.pathspec, self._attempt, where, self._ns, self._namespace_check],
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
        where, ns = names[len(data)]
        self.__init__(pathspec, attempt, _namespace_check=check, _current_namespace=ns, _current_metadata=where)

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
                _current_metadata=self._folder,
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
        return frozenset(notes.system_tags(self._run_row))

    @property
    def created_at(self):
        """When it came to be, in local time."""
        return local_time(self._created())

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
