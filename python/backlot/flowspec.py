"""What the author of a flow derives from and decorates with."""

import sys

from backlot.exception import (
    InvalidNextException,
    MetaflowException,
    MissingInMergeArtifactsException,
    UnhandledInMergeArtifactsException,
)


def step(f=None, *, start=False, end=False):
    """Marks a method as a step of the flow."""

    def mark(function):
        function.is_step = True
        function.decorators = []
        function.name = function.__name__
        function.is_start_step, function.is_end_step = start, end
        return function

    return mark(f) if f is not None else mark


class Inputs:
    """The branches that arrived at a join: by number, in order, or by the name of a branch's step."""

    def __init__(self, flow, task, names):
        self._flow, self._task, self._names = flow, task, names

    def __len__(self):
        return self._task.branch_count

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        branch = self._flow.__class__.__new__(self._flow.__class__)
        branch._start_reading(self._task, self._task.branch(index), self._flow)
        return branch

    def __iter__(self):
        for index in range(len(self)):
            yield self[index]

    def __getattr__(self, name):
        if name.startswith("_") or name not in self._names:
            raise AttributeError(f"'Inputs' object has no attribute '{name}'")
        return self[self._names[name]]


class FlowSpec:
    """A flow: a class whose steps are methods, and whose artifacts are the attributes that steps assign."""

    # Attributes that are ours; everything else a step assigns is an artifact.
    _EPHEMERAL = frozenset({"_task", "_source", "_of", "_loaded", "_merged", "_next", "_cached_input", "_constant_values"})
    _constants = frozenset()  # names of parameters and class constants, which steps only read

    def __init__(self, use_cli=True):
        """`use_cli`: runs the command line of this process, and ends the process."""
        self._start_reading(None, None, None)
        if use_cli:
            from backlot import cli

            sys.exit(cli.main(type(self)))

    # --- artifacts --------------------------------------------------------------------------------------------------

    def _start_reading(self, task, source, of):
        """From now on reads what `source` (a task, or a branch of one) sees. `of`: the join's flow, for a branch."""
        state = self.__dict__
        state["_task"], state["_source"], state["_of"] = task, source, of
        state["_loaded"], state["_next"], state["_cached_input"] = {}, None, {}

    def __getattr__(self, name):
        # Only called for what is not there yet: an artifact of the past, loaded when it is first asked for.
        source = self.__dict__.get("_source")
        reference = None
        if source is not None and not name.startswith("__"):
            reference = self.__dict__.get("_merged", {}).get(name) or source.find(name)
        if reference is None:
            raise AttributeError(f"Flow {type(self).__name__} has no attribute '{name}'")
        value = self._task.load(reference)
        self._loaded[name] = reference, value
        self.__dict__[name] = value
        return value

    def __str__(self):
        task = self.__dict__.get("_task")
        if task is None:
            return f"<flow {self.name}>"
        stack = ",".join(str(index) for index, _ in self._frames())
        if not stack:
            return f"<flow {self.name} step {task.step}>"
        value = str(self.input)
        if len(value) > 20:
            value = value[:20] + "..."
        return f"<flow {self.name} step {task.step}[{stack}] (input: {value})>"

    __repr__ = __str__

    @property
    def name(self):
        return type(self).__name__

    @property
    def script_name(self):
        import os

        return os.path.basename(sys.modules[type(self).__module__].__file__)

    def __iter__(self):
        """The steps' functions."""
        return iter(self._step_functions())

    @classmethod
    def _step_functions(cls):
        for name in dir(cls):
            function = getattr(cls, name, None)
            if callable(function) and getattr(function, "is_step", False):
                yield function

    # --- where a task stands ----------------------------------------------------------------------------------------

    def _frames(self):
        """(index, list) of each foreach around, outermost first."""
        task = self._task
        if task is None:
            return []
        frames = list(task.items)
        if self._of is not None:  # a branch of a foreach: what the join stands in, and its own item
            from_foreach = task.joined_list
            if from_foreach is not None and task.joins_foreach:
                frames.append((self._source.index, from_foreach))
        return frames

    @property
    def index(self):
        """The number of this task's item in the innermost foreach; None outside of one."""
        frames = self._frames()
        return frames[-1][0] if frames else None

    @property
    def input(self):
        """The item of the innermost foreach that this task is for; None outside of one."""
        frames = self._frames()
        return self._item(len(frames) - 1, *frames[-1]) if frames else None

    def _item(self, depth, index, items):
        if depth not in self._cached_input:
            self._cached_input[depth] = self._task.item(items, index)
        return self._cached_input[depth]

    def foreach_stack(self):
        """(index, number of items, item) of each foreach around, outermost first."""
        return [
            (index, self._task.count(items), self._item(depth, index, items))
            for depth, (index, items) in enumerate(self._frames())
        ]

    # --- where it goes ----------------------------------------------------------------------------------------------

    def next(self, *dsts, **kwargs):
        """Where the flow goes after this step: a step, several, `foreach='artifact'`, or a switch `condition='artifact'`."""
        from backlot.task import transition

        if self._next is not None:
            raise InvalidNextException(
                f"Multiple self.next() calls detected in step *{self._task.step}*. "
                "Call self.next() only once, at the end of the step."
            )
        self.__dict__["_next"] = transition(self, dsts, kwargs)

    def merge_artifacts(self, inputs, exclude=None, include=None):
        """In a join: takes over every artifact on which the branches agree and that this step has not set itself."""
        exclude, include = list(exclude or []), list(include or [])
        step_name = self._task.step
        if exclude and include:
            raise MetaflowException("`exclude` and `include` are mutually exclusive in merge_artifacts")
        if not self._task.is_join:
            raise MetaflowException(f"merge_artifacts can only be called in a join (step *{step_name}* is not a join)")
        found, conflicts = {}, set()
        for branch in inputs:
            for name in branch._source.names():
                if name in self.__dict__ or name in exclude or (include and name not in include):
                    continue
                if name in self._constants or self._task.find(name) is not None:
                    continue
                reference = branch._reference(name)
                if name in found and found[name] != reference:
                    conflicts.add(name)
                found.setdefault(name, reference)
        if conflicts:
            names = ", ".join(sorted(conflicts))
            raise UnhandledInMergeArtifactsException(
                f"Step *{step_name}* cannot merge the following artifacts due to them having conflicting values:\n"
                f"[{names}].\nTo remedy this issue, be sure to explicitly set those artifacts "
                "(using self.<artifact_name> = ...) prior to calling merge_artifacts.",
                sorted(conflicts),
            )
        missing = [name for name in include if name not in found and name not in self.__dict__]
        if missing:
            raise MissingInMergeArtifactsException(
                f"Step *{step_name}* specifies that [{', '.join(missing)}] should be merged, but no branch has them.",
                missing,
            )
        self.__dict__.setdefault("_merged", {}).update(found)

    def _reference(self, name):
        """What stands for an artifact of a branch, as it is now."""
        value = self.__dict__.get(name)
        if name in self.__dict__ and name in self._loaded:
            from backlot.task import unchanged_or_saved

            return unchanged_or_saved(self._task, value, self._loaded[name])
        return self._source.find(name)
