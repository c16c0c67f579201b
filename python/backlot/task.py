"""One task, in its own process: what a step is given, and what becomes of what it did."""

import os
import sys
import traceback

from backlot import about, identity, process, source_location
from backlot.current import current
from backlot.exception import InvalidNextException, MetaflowException, MetaflowExceptionWrapper, TimeoutException
from backlot.inputs import Inputs

_IMMUTABLE = (type(None), bool, int, float, complex, str, bytes)


def run(program, session):
    """Runs the task of `session`; whatever the step does ends as its outcome."""
    node = program.graph[session.step]
    flow = program.flow.__new__(program.flow)
    flow._start_reading(session, session, None)
    current._enter(flow, session, _SELDOM_ASKED)
    if session.items:
        session.label(_label(flow))
    try:
        arguments = [Inputs(flow, session, program.graph[node.joins].ends)] if node.is_join else []
        with program.decorated(flow, session, node) as call:
            call(getattr(flow, session.step), *arguments)
        _check_transition(program, flow, node)
        failed = False
    except BaseException as error:
        failed = True
        _report(program, flow, session, node, error)
    failed = not _leave_artifacts(flow, session, failed) or failed
    if not failed:
        _go_on(flow, session, node)
    process.finish()


def _label(flow):
    try:
        return str(flow.input)[:64]
    except Exception:
        return ""


def _of_client(kind, pathspec):
    from backlot import client

    return getattr(client, kind)(pathspec, _namespace_check=False)


_SELDOM_ASKED = {  # of `current`: made when it is asked for
    "namespace": about.first_namespace,
    "username": identity.username,
    "task": lambda: _of_client("Task", current.pathspec),
    "run": lambda: _of_client("Run", f"{current.flow_name}/{current.run_id}"),
}


# --- how it ended ----------------------------------------------------------------------------------------------------


def _report(program, flow, session, node, error):
    """Prints the failure as Python does, without our own frames, and makes it the task's outcome."""
    source_location.show_own_frames(error)
    frames = error.__traceback__
    print(f"{flow} failed:", file=sys.stderr)
    if isinstance(error, SystemExit):
        code = error.code if isinstance(error.code, int) else (0 if error.code is None else 1)
        why = f"the step called sys.exit({error.code!r})"
        print(f"    {why}\n", file=sys.stderr)
        session.fail_exit(code, why, _place(frames))
        return
    flow.__dict__["_exception"] = MetaflowExceptionWrapper(error)
    if isinstance(error, MetaflowException):
        for line in error.message_lines():
            print(f"    {line}", file=sys.stderr)
    else:
        traceback.print_exception(type(error), error, error.__traceback__)
        print(f"in {session.flow}/{session.run_id}/{session.step}/{session.number}", file=sys.stderr)
    print(file=sys.stderr)
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, TimeoutException):
        session.fail_timeout(name, str(error).partition("\n")[0], _place(frames))
    else:
        session.fail(name, str(error), _place(frames))


def _place(frames):
    found = traceback.extract_tb(frames)
    if not found or source_location.is_ours(found[-1].filename):
        return ""
    frame = found[-1]
    return f"{os.path.basename(frame.filename)}:{frame.lineno}"


# --- artifacts -------------------------------------------------------------------------------------------------------


def unchanged_or_saved(session, value, loaded):
    """The reference of a value that was loaded and may have been changed since."""
    reference, original = loaded
    if value is original and type(value) in _IMMUTABLE:
        return reference
    return session.save_again(value, reference)


def _leave_artifacts(flow, session, failed):
    """Saves what the step assigned; false if something cannot be saved."""
    saved = True
    for name, reference in flow.__dict__.get("_merged", {}).items():
        if name not in flow.__dict__:
            session.leave(name, reference, own=False)
    for name, value in list(flow.__dict__.items()):
        if name in flow._EPHEMERAL or name.startswith("__") or _is_skipped(value):
            continue
        try:
            if name in flow._loaded:
                reference = unchanged_or_saved(session, value, flow._loaded[name])
            else:
                reference = session.save(value)
        except Exception as error:
            _refuse(flow, session, name, value, error, failed)
            saved = False
            continue
        if session.find(name) != reference:
            session.leave(name, reference, own=name not in flow.__dict__.get("_merged", {}))
    return saved


class _Code:
    def method(self):
        """Only there to have its type."""


_CODE = (type(_Code.method), type(_Code().method), property)


def _is_skipped(value):
    """Whether it is code rather than data, which Metaflow does not keep: functions, methods, properties."""
    return isinstance(value, _CODE)


def _refuse(flow, session, name, value, error, failed):
    from backlot import _pickle

    path, kind = _pickle.unpicklable(value, f"self.{name}")
    text = (
        f"Artifact '{name}' of step {session.step} cannot be saved: {path} is of type "
        f"{kind.__module__}.{kind.__qualname__}, which cannot be pickled ({error}). "
        "Keep it in a local variable, or take it out before the step ends."
    )
    print(f"    Cannot pickle artifact:\n    {text}\n", file=sys.stderr)
    if not failed:
        session.fail("UnpicklableArtifactException", text, "")


# --- where it goes ---------------------------------------------------------------------------------------------------


def _check_transition(program, flow, node):
    """What the step did must be what its source says."""
    went = flow._next
    if node.name == program.graph.end:
        return
    if went is None:
        raise InvalidNextException(
            f"Step *{node.name}* ended without calling self.next(). Call it once, as the last line of the step.",
            node.next_line,
        )
    expected = set(node.targets)
    same = went.targets == node.targets if not went.condition else set(went.targets) <= expected
    named, written = (went.foreach and went.foreach[0], went.condition), (node.foreach, node.condition)
    if node.wrappers:  # which may choose another artifact
        named, written = tuple(map(bool, named)), tuple(map(bool, written))
    if not same or named != written:
        raise InvalidNextException(
            f"Step *{node.name}* was expected to go on to {', '.join(node.targets)}, as the last line of its source "
            f"says, but self.next() was called with {', '.join(went.targets)}. "
            "Make sure there is only one self.next() call, at the end of the step.",
            node.next_line,
        )


def _go_on(flow, session, node):
    went = flow._next
    if node.leaves_end:
        session.leave("_ended_in", session.save(node.name))
    if went is None:
        return
    if went.condition:
        session.go_to(went.targets[0])
    elif went.foreach:
        name, count = went.foreach
        reference = session.left(name) or session.find(name)
        session.fan_out(count, reference if reference is not None else session.save(getattr(flow, name)))
