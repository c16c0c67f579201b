"""A flow as the engine runs it: its graph, its decorators, and what happens around each step."""

import contextlib
import signal
import sys
import traceback

from backlot import _core, decorators, parameters, process, task
from backlot.exception import FailureHandledByCatch, MetaflowExceptionWrapper, TimeoutException
from backlot.graph import FlowGraph

_TIMEOUT_MARGIN = 10  # seconds in which a step may clean up before the engine ends it
_MEGABYTE = 1 << 20


class Program:
    def __init__(self, flow):
        self.flow = flow
        self.graph = FlowGraph(flow)
        self.parameters = parameters.of(flow)
        self.forked = False

    def attach(self, specs):
        """Adds the decorators of `--with` to every step that has none of their kind."""
        for spec in specs:
            name, _, rest = spec.partition(":")
            attributes = dict(part.partition("=")[::2] for part in rest.split(",") if part)
            for node in self.graph:
                if not any(d.name == name for d in node.decorators):
                    node.decorators.append(decorators.KINDS[name](attributes, statically_defined=False))

    def check(self):
        """Raises for the first thing that is wrong with the flow."""
        self.graph.check()
        for node in self.graph:
            for decorator in node.decorators:
                decorator.check(node)

    def core(self):
        """What the engine is given."""
        graph, ids = self.graph.core(_core)
        for node in self.graph:
            for d in node.decorators:
                _apply(graph, ids[node.name], d)
        return _core.Flow(self.flow.__name__, graph, self._run_task)

    def make_constants(self):
        """From now on parameters and class constants are read, never assigned."""
        constants = {}
        for name in dir(self.flow):
            if name.startswith("_") or hasattr(_base(), name):
                continue
            value = getattr(self.flow, name)
            if isinstance(value, parameters.Parameter) or not (callable(value) or isinstance(value, property)):
                constants[name] = value
        for name in constants:
            setattr(self.flow, name, property(fget=_reader(name)))
        self.flow._constants = frozenset(constants)
        return {n: v for n, v in constants.items() if not isinstance(v, parameters.Parameter)}

    # --- in the task's process --------------------------------------------------------------------------------------

    def _run_task(self, session):
        if self.forked:
            process.after_fork()
        task.run(self, session)

    def enter_task(self, flow, session, node):
        from backlot.current import current

        current._enter(flow, session)

    def leave_task(self, flow, session, failed):
        pass

    @contextlib.contextmanager
    def decorated(self, flow, session, node):
        """What the decorators of a step do around its code."""
        found = {d.name: d for d in node.decorators}
        catch, timeout = found.get("catch"), found.get("timeout")
        caught = session.caught

        def call(step, *arguments):
            if caught is not None:
                return _handle(flow, node, catch, FailureHandledByCatch(session.attempt, caught[1]))
            try:
                with _alarm(node, timeout):
                    step(*arguments)
            except Exception as error:
                if catch is None or session.attempt < session.retries:
                    raise
                _handle(flow, node, catch, error)
            else:
                if catch is not None and catch.attributes["var"]:
                    setattr(flow, catch.attributes["var"], None)

        yield call


def _base():
    from backlot.flowspec import FlowSpec

    return FlowSpec


def _reader(name):
    def read(self):
        values = self.__dict__.setdefault("_constant_values", {})
        if name not in values:
            values[name] = self._task.load(self._source.find(name) or self._task.find(name))
        return values[name]

    return read


def _apply(graph, node, decorator):
    a = decorator.attributes
    if decorator.name == "retry":
        graph.retry(node, int(a["times"]), 0)
    elif decorator.name == "catch":
        graph.catch_into(node, a["var"] or "_catch")
    elif decorator.name == "timeout":
        graph.timeout(node, (decorator.seconds + _TIMEOUT_MARGIN) * 1000)
    elif decorator.name == "environment":
        graph.environment(node, [(k, str(v)) for k, v in a["vars"].items()])
    elif decorator.name == "resources":
        cpu, memory, gpu = (float(a[k] or 0) for k in ("cpu", "memory", "gpu"))
        graph.resources(node, cpu or 1, int(memory * _MEGABYTE), int(gpu))


def _handle(flow, node, catch, error):
    from backlot.task import Transition

    if str(catch.attributes["print_exception"]).lower() != "false":
        print(f"@catch caught an exception from {flow}")
        for line in traceback.format_exception(type(error), error, error.__traceback__):
            print("\n".join(f">  {part}" for part in line.splitlines()))
    kept = MetaflowExceptionWrapper(error)
    flow._catch_exception = kept
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
        raise TimeoutException(
            f"Step {node.name} timed out after {a['hours']} hours, {a['minutes']} minutes, {a['seconds']} seconds"
        )

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, timeout.seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def fresh_arguments():
    """How this process is started once more."""
    return sys.executable, list(sys.orig_argv)
