"""What the author of a flow derives from and decorates with."""

import sys

from backlot import source_location
from backlot.exception import (
    MetaflowException,
    MissingInMergeArtifactsException,
    UnhandledInMergeArtifactsException,
)
from backlot.transition import transition


def step(f=None, *, start=False, end=False):
    """Marks a method as a step of the flow."""

    def mark(function):
        if not callable(function) or not hasattr(function, "__name__"):
            text = f"@step stands above a function, not {function!r}: other decorators go above it."
            raise MetaflowException(text, *reversed(source_location.of_caller()))
        function.is_step = True
        function.decorators = []
        function.name = function.__name__
        function.is_start_step, function.is_end_step = start, end
        return function

    return mark(f) if f is not None else mark


class FlowSpec:
    """A flow: a class whose steps are methods, and whose artifacts are the attributes that steps assign."""

    # Attributes that are ours; everything else a step assigns is an artifact.
    _EPHEMERAL = frozenset(
        {"_task", "_source", "_branch_step", "_loaded", "_merged", "_next", "_cached_input", "_constant_values"}
        | {"_ended_in"}  # left behind for the join
    )
    _parameters: frozenset = frozenset()  # names of the parameters, as attributes
    _initial: dict = {}  # what __init__ assigned: every task begins with it, whatever other tasks made of it
    _command_line = None  # set by the package: what runs the command line, given the flow's class and `initial`

    def __init__(self, use_cli=True):
        """`use_cli`: runs the command line of this process, and ends the process. What was assigned before is an artifact
        that every task begins with."""
        initial = dict(self.__dict__)
        self._start_reading(None, None, None)
        if use_cli:
            sys.exit(self._command_line(type(self), initial))

    # --- artifacts --------------------------------------------------------------------------------------------------

    def _start_reading(self, task, source, branch_step):
        """From now on reads what `source` sees: a task, or a branch of one, which ended in `branch_step`."""
        state = self.__dict__
        state["_task"], state["_source"], state["_branch_step"] = task, source, branch_step
        state["_loaded"], state["_next"], state["_cached_input"] = {}, None, {}
        if self._initial and task is not None:
            state.update(self._initial)

    def __getattr__(self, name):
        # Only called for what is not there yet: an artifact of the past, loaded when it is first asked for.
        source = self.__dict__.get("_source")
        reference = None
        if source is not None and not name.startswith("__"):
            reference = self.__dict__.get("_merged", {}).get(name) or source.find(name)
        if reference is None:
            if name == "name":  # an artifact like others: a step may assign it
                return type(self).__name__
            raise AttributeError(f"Flow {type(self).__name__} has no attribute '{name}'")
        value = self._task.load(reference)
        self._loaded[name] = reference, value
        self.__dict__[name] = value
        return value

    def __str__(self):
        task = self.__dict__.get("_task")
        if task is None:
            return f"<flow {self.name}>"
        step = self._step_name()
        stack = ",".join(str(index) for index, _ in self._frames())
        if not stack:
            return f"<flow {self.name} step {step}>"
        try:
            item = self.input
            text = "" if item is None else str(item)
        except Exception:  # of the item: a flow has its text even so
            text = ""
        if not text:
            return f"<flow {self.name} step {step}[{stack}]>"
        return f"<flow {self.name} step {step}[{stack}] (input: {text[:20] + '...' if len(text) > 20 else text})>"

    __repr__ = __str__

    def _step_name(self):
        return self._branch_step or self._task.step

    def _is_written(self):
        """Whether anything was assigned that was not loaded."""
        loaded, initial = self._loaded, self._initial
        for name, value in self.__dict__.items():
            if name in self._EPHEMERAL:
                continue
            if name in loaded:
                if value is not loaded[name][1]:
                    return True
            elif name not in initial or value is not initial[name]:
                return True
        return False

    @property
    def script_name(self):
        import os

        return os.path.basename(sys.modules[type(self).__module__].__file__)

    def __iter__(self):
        """The steps' functions."""
        return iter(self._step_functions())

    @classmethod
    def _step_functions(cls):
        return [function for _, function in cls._steps()]

    @classmethod
    def _steps(cls):
        """(name, what stands in the class under it) of each step."""
        for name in dir(cls):
            value = next((vars(kind)[name] for kind in cls.__mro__ if name in vars(kind)), None)
            marked = (value, getattr(value, "__func__", None))  # that of a staticmethod or classmethod
            if any(getattr(f, "is_step", False) is True for f in marked):
                yield name, value

    # --- where a task stands ----------------------------------------------------------------------------------------

    def _frames(self):
        """(index, list) of each foreach around, outermost first."""
        task = self._task
        if task is None:
            return []
        frames = list(task.items)
        if self._branch_step is not None:  # a branch of a foreach: what the join stands in, and its own item
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

    @property
    def _graph(self):
        """The flow's graph (backlot.graph.FlowGraph)."""
        flow = type(self)
        if "_flow_graph" not in vars(flow):
            from backlot.graph import FlowGraph

            flow._flow_graph = FlowGraph(flow)
        return flow._flow_graph

    @property
    def _foreach_stack(self):
        """The foreachs around as Metaflow keeps them: step, var, num_splits, index, value."""
        from backlot.plain_names import ForeachFrame

        graph = self._graph
        openers = [graph[name] for name in graph[self._task.step].fan_outs if graph[name].kind == "foreach"]
        return [
            ForeachFrame(node.name, node.foreach, count, index, str(item)[:64])
            for node, (index, count, item) in zip(openers, self.foreach_stack())
        ]

    # --- where it goes ----------------------------------------------------------------------------------------------

    def next(self, *dsts, **kwargs):
        """Where the flow goes after this step: a step, several, `foreach='artifact'`, `condition='artifact'`."""
        self.__dict__["_next"] = transition(self, dsts, kwargs)

    def merge_artifacts(self, inputs, exclude=None, include=None):
        """In a join: takes over every artifact on which the branches agree and that this step has not set itself."""
        exclude, include = list(exclude or []), list(include or [])
        step_name = self._task.step
        if not self._task.is_join:
            raise MetaflowException(f"merge_artifacts can only be called in a join, which step *{step_name}* is not")
        if exclude and include:
            raise MetaflowException("`exclude` and `include` are mutually exclusive in merge_artifacts")
        found, conflicts = {}, set()
        for branch in inputs:
            for name in branch._source.names():
                if name in exclude or (include and name not in include) or self._has(name):
                    continue
                reference = branch._source.find(name)
                if found.setdefault(name, reference) != reference:
                    conflicts.add(name)
        missing = [name for name in include if name not in found and not self._has(name)]
        if conflicts:
            raise UnhandledInMergeArtifactsException(
                f"Step *{step_name}* cannot merge the following artifacts due to them having conflicting values:\n"
                f"[{', '.join(sorted(conflicts))}].\nTo remedy this issue, be sure to explicitly set those artifacts "
                "(using self.<artifact_name> = ...) prior to calling merge_artifacts.",
                sorted(conflicts),
            )
        if missing:
            raise MissingInMergeArtifactsException(
                f"Step *{step_name}* specifies that [{', '.join(include)}] should be merged but [{', '.join(missing)}] "
                "are not present.\nSet them here or in a branch, or take them out of `include`.",
                missing,
            )
        self.__dict__.setdefault("_merged", {}).update(found)

    def _has(self, name):
        """Whether merging leaves `name` alone: it is there already, or no artifact."""
        state = self.__dict__
        return (
            name in state
            or name in self._EPHEMERAL
            or name in state.get("_merged", {})
            or hasattr(type(self), name)
            or self._task.find(name) is not None
        )
