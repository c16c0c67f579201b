"""A flow as the engine runs it: its graph, its decorators, and what happens around each step."""

import contextlib
import os
import signal
import sys
import traceback
import types

from backlot import _core, decorators, identity, parameters, process, source_location, task
from backlot.config import ConfigValue
from backlot.current import current
from backlot.exception import FailureHandledByCatch, LintException, MetaflowExceptionWrapper, TimeoutException
from backlot.flowspec import FlowSpec
from backlot.graph import FlowGraph
from backlot.transition import Transition

_TIMEOUT_MARGIN = 10  # seconds in which a step may clean up before the engine ends it
_MEGABYTE = 1 << 20
_GRAPH_TYPES = {"foreach": "split-foreach"}  # as Metaflow calls them in _graph_info
_NO_CONSTANT = (types.FunctionType, types.MethodType, property, type)


class Program:
    def __init__(self, flow, initial):
        self.flow = flow
        self.initial = initial  # what the flow's __init__ assigned
        self.name = flow.__name__
        self.graph = flow._flow_graph = FlowGraph(flow)
        self.read_inputs()
        self.decorators = decorators.of_flow(flow)
        self.flow_mutators = [m for base in reversed(flow.__mro__) for m in vars(base).get("_flow_mutators", ())]
        self.configs = {}  # values by name
        self.project = {}
        self.forked = False
        self.reason_for_fresh = ""  # why no task is forked
        self.waits_for_retry = os.environ.get("BACKLOT_RETRY_WAIT", "0") not in ("", "0")
        self.quiet = False
        self.specs = []  # decorators that every command adds to every step, as text

    def read_inputs(self):
        """(attribute, Parameter) of the parameters and configs that the flow's class has now."""
        self.inputs = parameters.of(self.flow)

    @property
    def parameters(self):
        return [(attribute, p) for attribute, p in self.inputs if not p.IS_CONFIG_PARAMETER]

    @property
    def config_parameters(self):
        return [p for _, p in self.inputs if p.IS_CONFIG_PARAMETER]

    def decorator(self, name):
        return next((d for d in self.decorators if d.name == name), None)

    def echo(self, text="", **ignored):
        if not self.quiet:
            print(text, file=sys.stderr)

    def context(self):
        """What functions of defaults are told."""
        return parameters.ParameterContext(
            self.name, identity.username(), None, self.echo, "local", ConfigValue(self.configs)
        )

    # --- before the run ---------------------------------------------------------------------------------------------

    def settle(self, configs, options):
        """From now on the configs are known, and so is what depends on them. Raises for what cannot be."""
        self.configs = configs
        for attribute, p in self.inputs:
            if p.IS_CONFIG_PARAMETER:
                configs.setdefault(attribute, configs.get(p.name))
        parameters.check_names([(a, p) for a, p in self.inputs if p.IS_CONFIG_PARAMETER])
        self._settle_parameters()
        decorators.check_once(
            self.decorators, f"Flow '{self.name}'", decorators.DuplicateFlowDecoratorException
        )
        for decorator in self.decorators:
            decorator.init(configs)
        for node in self.graph:
            decorators.check_once(
                node.decorators, f"Step '{node.name}'", decorators.DuplicateStepDecoratorException
            )
            for decorator in node.decorators:
                decorator.init(configs)
        if self._is_customised():
            _user_decorators().mutating.pre_mutate(self)
            self._settle_parameters()
        project = self.decorator("project")
        if project:
            self.project = project.settle(options, self.name, identity.username())
        self.flow._project = self.project
        current._settle(self.name, self.project)

    def _settle_parameters(self):
        parameters.check_names(self.parameters)
        for _, parameter in self.parameters:
            parameter.init(self.configs)

    def _is_customised(self):
        """Whether there are decorators or mutators that the author wrote."""
        return bool(self.flow_mutators) or any(node.wrappers or node.mutators for node in self.graph)

    def attach(self, specs=()):
        """Adds the decorators of these texts, and of those for all commands, to every step that has none of their kind,
        then lets mutators change them."""
        self._attach([*specs, *self.specs])
        if self._is_customised():
            user_decorators = _user_decorators()
            user_decorators.mutating.mutate(self)
            self.run_wrapped = user_decorators.wrapping.run  # imported here once, for tasks are forks of this process

    def _attach(self, specs):
        for spec in specs:
            for node in self.graph:
                decorator = decorators.of_spec(spec) or _user_decorators().specs.of_text(spec)
                if not isinstance(decorator, decorators.Decorator):
                    decorator._attach_to(node)
                    continue
                decorator.init(self.configs)
                several = decorator.allow_multiple and decorator.given
                if several or not any(d.name == decorator.name for d in node.decorators):
                    node.decorators.append(decorator)

    def check(self):
        """Raises for the first thing that is wrong with the flow."""
        _check_one_start(self.flow)
        self.graph.check()
        for decorator in self.decorators:
            decorator.check(self.flow)
        for node in self.graph:
            for decorator in node.decorators:
                decorator.check(node)

    def notes(self, kept_only):
        """What decorators do here, where that is not what they do elsewhere: (decorator, steps, words)."""
        steps, words = {}, {}
        for decorator in self.decorators:
            if decorator.here and (decorator.is_kept or not kept_only):
                steps[decorator.name], words[decorator.name] = [], decorator.here
        for name in self.graph.order:
            for decorator in self.graph[name].decorators:
                if decorator.here and (decorator.is_kept or not kept_only):
                    found = steps.setdefault(decorator.name, [])
                    words[decorator.name] = decorator.here
                    if name not in found:
                        found.append(name)
        return [(name, steps[name], words[name]) for name in words]

    def core(self):
        """What the engine is given."""
        graph, ids = self.graph.core(_core)
        for node in self.graph:
            for d in node.decorators:
                _apply(graph, ids[node.name], d, self.waits_for_retry)
        return _core.Flow(self.name, graph, self._run_task)

    def make_constants(self):
        """From now on parameters and class constants are read, never assigned. Returns the constants."""
        loads = {attribute: p.load for attribute, p in self.inputs}
        constants = {}
        for name in dir(self.flow):
            if name.startswith("_") or name in loads or name == "name" or hasattr(FlowSpec, name):
                continue
            value = getattr(self.flow, name)
            if not isinstance(value, _NO_CONSTANT):
                constants[name] = value
        for name, value in constants.items():
            setattr(self.flow, name, _Constant(name, value))
        for name, load in loads.items():
            setattr(self.flow, name, property(_reader(name, load), _refuse_to_set(name)))
        self.flow._parameters = frozenset(loads)
        self.flow._initial = {n: v for n, v in self.initial.items() if n not in constants and n not in loads}
        return constants

    def graph_info(self, constants):
        """The flow as data, kept with each run as its artifact _graph_info."""

        def described(found):
            return [
                {
                    "name": d.name, "attributes": _as_data(d.attributes), "statically_defined": d.statically_defined,
                    "inserted_by": d.inserted_by,
                }
                for d in found
            ]  # fmt: skip

        def described_custom(*found):
            return [{**d._graph_data(), "attributes": _as_data(d._graph_data()["attributes"])} for d in dict.fromkeys(found)]

        steps = {}
        for name in self.graph.order:
            node = self.graph[name]
            steps[name] = {
                "name": name, "type": _GRAPH_TYPES.get(node.type, node.type), "line": node.line,
                "source_file": os.path.basename(node.file), "doc": node.doc, "next": list(node.targets), "foreach_artifact": node.foreach,
                "condition": node.condition, "matching_join": node.matching_join,
                "decorators": described(node.decorators) + described_custom(*node.wrappers, *node.mutators),
            }  # fmt: skip
        return {
            "file": os.path.basename(os.path.abspath(sys.argv[0])),
            "start_step": self.graph.start,
            "end_step": self.graph.end,
            "parameters": [{"name": a, "type": type(p).__name__} for a, p in self.inputs],
            "constants": [{"name": n, "type": type(v).__name__} for n, v in constants.items()],
            "steps": steps,
            "doc": (self.flow.__doc__ or "").strip(),
            "decorators": described(self.decorators) + described_custom(*self.flow_mutators),
        }

    # --- in the task's process --------------------------------------------------------------------------------------

    def _run_task(self, session):
        process.after_fork() if self.forked else process.print_by_lines()
        _end_by_exception()
        task.run(self, session)

    @contextlib.contextmanager
    def decorated(self, flow, session, node):
        """What the decorators of a step do around its code."""
        found = {d.name: d for d in node.decorators}
        catch, timeout = found.get("catch"), found.get("timeout")
        caught = session.caught

        def call(step, *arguments):
            if caught is not None:

                def step(*ignored):
                    raise FailureHandledByCatch(session.attempt - 1, caught[1])

            try:
                with _alarm(node, timeout):
                    if node.wrappers:
                        self.run_wrapped(flow, node, step, arguments)
                    else:
                        step(*arguments)
            except Exception as error:
                if catch is None or session.attempt < session.retries:
                    raise
                _handle(flow, node, catch, error)
            else:
                if catch is not None and catch.attributes["var"]:
                    setattr(flow, catch.attributes["var"], None)

        yield call


def _user_decorators():
    """What flows with decorators or mutators of their author's need. It takes long, so that others do not import it."""
    from backlot import user_decorators

    return user_decorators


def _check_one_start(flow):
    """Refuses a file that starts two flows: the first ends the process, so the second would never run."""
    module = sys.modules[flow.__module__]
    kinds = {n: v for n, v in vars(module).items() if isinstance(v, type)}
    flows = {name for name, kind in kinds.items() if issubclass(kind, FlowSpec) and kind is not FlowSpec}
    if len(flows) < 2 or not getattr(module, "__file__", None):
        return
    import ast
    import linecache

    tree = ast.parse("".join(linecache.getlines(module.__file__)))
    for block in [tree.body, *(item.body for item in tree.body if isinstance(item, ast.If))]:
        starts = [
            item for item in block
            if isinstance(item, ast.Expr) and isinstance(item.value, ast.Call)
            and isinstance(item.value.func, ast.Name) and item.value.func.id in flows
        ]  # fmt: skip
        if len(starts) > 1:
            first, second = (item.value.func.id for item in starts[:2])
            raise LintException(
                f"This file starts two flows, {first} and {second}. {first} ends the process, so {second} would never "
                "run. Start one flow a file.",
                starts[1].lineno,
                os.path.basename(module.__file__),
            )


def _as_data(value):
    if isinstance(value, dict):
        return {str(k): _as_data(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_as_data(v) for v in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def _reader(name, shape):
    def read(self):
        values = self.__dict__.setdefault("_constant_values", {})
        if name not in values:
            if self._task is None:
                raise AttributeError(f"Flow {type(self).__name__} has no value of '{name}' outside of a run")
            value = self._task.load(self._source.find(name) or self._task.find(name))
            values[name] = shape(value) if shape else value
        return values[name]

    return read


def _refuse_to_set(name):
    def refuse(self, value):
        raise AttributeError(f"Parameters and class constants are not modifiable: keep '{name}' under another name")

    return refuse


class _Constant(property):
    """A class constant: steps read what the run keeps of it, the class still has the value itself."""

    def __init__(self, name, value):
        super().__init__(_reader(name, None), _refuse_to_set(name))
        self._value = value

    def __get__(self, flow, kind=None):
        return self._value if flow is None else super().__get__(flow, kind)


def _apply(graph, node, decorator, waits_for_retry):
    a = decorator.attributes
    if decorator.name == "retry":
        graph.retry(node, decorator.number("times", int), decorator.wait_ms if waits_for_retry else 0)
    elif decorator.name == "catch":
        graph.catch_into(node, a["var"] or "_catch")
    elif decorator.name == "timeout":
        graph.timeout(node, (decorator.seconds + _TIMEOUT_MARGIN) * 1000)
    elif decorator.name == "environment":
        graph.environment(node, [(k, str(v)) for k, v in a["vars"].items()])
    elif decorator.name == "resources":
        # Only what was asked for is held: the default memory would let one task at a time run on a small machine.
        memory = decorator.number("memory") if "memory" in decorator.given else 0
        graph.resources(node, decorator.number("cpu") or 1, int(memory * _MEGABYTE), int(decorator.number("gpu")))


def _end_by_exception():
    """Lets a task that is asked to end run its `finally` blocks: SIGTERM becomes KeyboardInterrupt, as of Ctrl-C."""
    if signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    # Processes that the step forks end as they always did. A SIGTERM that comes before they know waits until they do: a
    # process of a pool that is ended as soon as it is made would else take it for an exception, and live on.
    def hold():
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])

    def release():
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])

    def release_child():
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        release()

    os.register_at_fork(before=hold, after_in_parent=release, after_in_child=release_child)


def _handle(flow, node, catch, error):
    source_location.show_own_frames(error)
    if str(catch.attributes["print_exception"]).lower() != "false":
        print(f"@catch caught an exception from {flow}")
        for line in traceback.format_exception(type(error), error, error.__traceback__):
            print("\n".join(f">  {part}" for part in line.splitlines()))
    kept = MetaflowExceptionWrapper(error)
    flow._catch_exception = kept
    flow._task.metadata("caught", kept.type)
    if catch.attributes["var"]:
        setattr(flow, catch.attributes["var"], kept)
    flow.__dict__["_next"] = Transition(node.targets)


@contextlib.contextmanager
def _alarm(node, timeout):
    """Raises TimeoutException inside of the step when it takes too long."""
    if timeout is None:
        yield
        return

    def ring(number, frame):
        a = timeout.attributes
        frames = [f for f in traceback.extract_stack(frame) if not source_location.is_ours(f.filename)]
        stack = "".join(traceback.format_list(frames)).splitlines()
        raise TimeoutException(
            f"Step {node.name} timed out after {a['hours']} hours, {a['minutes']} minutes, {a['seconds']} seconds\n"
            "Stack when the timeout was raised:\n" + "\n".join(f">  {line}" for line in stack)
        )

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, timeout.seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
