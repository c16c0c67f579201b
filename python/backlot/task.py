"""One task, in its own process: what a step is given, and what becomes of what it did."""

import os
import sys
import traceback

from backlot import process
from backlot.exception import InvalidNextException

_IMMUTABLE = (type(None), bool, int, float, complex, str, bytes)


class Transition:
    """Where a step goes: step names, and the foreach or switch that decides."""

    def __init__(self, targets, foreach=None, condition=None):
        self.targets, self.foreach, self.condition = targets, foreach, condition


def run(program, session):
    """Runs the task of `session`; whatever the step does ends as its outcome."""
    node = program.graph[session.step]
    flow = program.flow.__new__(program.flow)
    flow._start_reading(session, session, None)
    program.enter_task(flow, session, node)
    if session.items:
        session.label(_label(flow))
    try:
        arguments = [_inputs(program, flow, node, session)] if node.is_join else []
        with program.decorated(flow, session, node) as call:
            call(getattr(flow, session.step), *arguments)
        _check_transition(program, flow, node)
        failed = False
    except BaseException as error:
        failed = True
        _report(program, flow, session, node, error)
    _leave_artifacts(flow, session, failed)
    if not failed:
        _go_on(flow, session, node)
    program.leave_task(flow, session, failed)
    process.finish()


def _label(flow):
    try:
        return str(flow.input)[:64]
    except Exception:
        return ""


def _inputs(program, flow, node, session):
    from backlot.flowspec import Inputs

    names = {}
    opener = node.joins
    if program.graph[opener].kind == "split":
        # A branch is called by its last step; a step that can end several branches names the last of them.
        heads = {target: i for i, target in enumerate(program.graph[opener].targets)}
        by_index = {session.branch(i).index: i for i in range(session.branch_count)}
        for head, index in heads.items():
            for last in program.graph.last_steps(head, node.name):
                names[last] = by_index.get(index, index)
    return Inputs(flow, session, names)


# --- how it ended ----------------------------------------------------------------------------------------------------


def _report(program, flow, session, node, error):
    """Prints the failure as Python does, without our own frames, and makes it the task's outcome."""
    frames = error.__traceback__
    here = os.path.dirname(__file__)
    while frames is not None and os.path.dirname(frames.tb_frame.f_code.co_filename) == here:
        frames = frames.tb_next
    error.__traceback__ = frames or error.__traceback__
    if isinstance(error, SystemExit):
        code = error.code if isinstance(error.code, int) else (0 if error.code is None else 1)
        print(f"{flow} failed:\n    the step called sys.exit({error.code!r})", file=sys.stderr)
        session.fail_exit(code, f"the step called sys.exit({error.code!r})", _place(frames))
        return
    print(f"{flow} failed:", file=sys.stderr)
    traceback.print_exception(type(error), error, error.__traceback__)
    print(f"in {session.flow}/{session.run_id}/{session.step}/{session.number}", file=sys.stderr)
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    report = session.fail_timeout if name.endswith("TimeoutException") else session.fail
    report(name, str(error), _place(frames))


def _place(frames):
    if frames is None:
        return ""
    frame = traceback.extract_tb(frames)[-1]
    return f"{os.path.basename(frame.filename)}:{frame.lineno}"


# --- artifacts -------------------------------------------------------------------------------------------------------


def unchanged_or_saved(session, value, loaded):
    """The reference of a value that was loaded and may have been changed since."""
    reference, original = loaded
    if value is original and type(value) in _IMMUTABLE:
        return reference
    return session.save_again(value, reference)


def _leave_artifacts(flow, session, failed):
    for name, reference in flow.__dict__.get("_merged", {}).items():
        if name not in flow.__dict__:
            session.leave(name, reference, own=False)
    for name, value in list(flow.__dict__.items()):
        if name in flow._EPHEMERAL or _is_skipped(value):
            continue
        try:
            if name in flow._loaded:
                reference = unchanged_or_saved(session, value, flow._loaded[name])
            else:
                reference = session.save(value)
        except Exception as error:
            _refuse(flow, session, name, value, error, failed)
            continue
        if session.find(name) != reference:
            session.leave(name, reference, own=name not in flow.__dict__.get("_merged", {}))


def _is_skipped(value):
    # As Metaflow does: functions that only exist here are no data.
    return getattr(value, "__name__", "") == "<lambda>" or isinstance(value, property)


def _refuse(flow, session, name, value, error, failed):
    from backlot import _pickle

    path, kind = _pickle.unpicklable(value, error, f"self.{name}")
    text = (
        f"artifact '{name}' of step *{session.step}* cannot be saved: {path} is of type "
        f"{kind.__module__}.{kind.__qualname__}, which cannot be pickled ({error}). "
        "Keep it in a local variable, or take it out before the step ends."
    )
    print(text, file=sys.stderr)
    if not failed:
        session.fail("UnpicklableArtifactException", text, "")


# --- where it goes ---------------------------------------------------------------------------------------------------


def transition(flow, steps, keywords):
    """Reads the arguments of `self.next`."""
    name = flow._task.step

    def bad(text):
        return InvalidNextException(f"Invalid self.next() in step *{name}*: {text}")

    known = {"foreach", "condition", "num_parallel"}
    unknown = set(keywords) - known
    if unknown:
        raise bad(f"it does not take {', '.join(sorted(unknown))}.")
    if "num_parallel" in keywords:
        raise bad("num_parallel is not supported yet.")
    if not steps:
        raise bad("name the step to go to.")
    if keywords.get("condition") is not None:
        return _switch(flow, steps, keywords["condition"], bad)
    targets = [_step_name(flow, s, bad) for s in steps]
    if keywords.get("foreach") is not None:
        if len(targets) != 1:
            raise bad("a foreach goes to one step.")
        return Transition(targets, foreach=_checked_foreach(flow, keywords["foreach"]))
    return Transition(targets)


def _step_name(flow, step, bad):
    name = getattr(getattr(step, "__func__", step), "__name__", None)
    if name is None or not hasattr(type(flow), name):
        raise bad(f"{step!r} is no step; write self.<step>.")
    return name


def _switch(flow, steps, condition, bad):
    if len(steps) != 1 or not isinstance(steps[0], dict) or not steps[0]:
        raise bad("a switch takes one dictionary of cases.")
    if not isinstance(condition, str):
        raise bad("condition is the name of an artifact.")
    try:
        value = getattr(flow, condition)
    except AttributeError:
        raise bad(f"there is no artifact self.{condition} to decide by.") from None
    if value not in steps[0]:
        cases = ", ".join(repr(c) for c in steps[0])
        raise RuntimeError(
            f"Switch condition variable '{condition}' has value '{value}' which is not in the available cases: [{cases}]"
        )
    return Transition([_step_name(flow, steps[0][value], bad)], condition=condition)


def _checked_foreach(flow, foreach):
    step = flow._task.step
    if not isinstance(foreach, str):
        raise InvalidNextException(
            f"Step *{step}*: foreach is the name of an artifact, foreach='items', not the items themselves."
        )
    try:
        items = getattr(flow, foreach)
    except AttributeError:
        raise InvalidNextException(
            f"Foreach variable *self.{foreach}* in step *{step}* does not exist. Check your variable."
        ) from None
    try:
        count = len(items) if hasattr(items, "__len__") else sum(1 for _ in items)
    except TypeError:
        raise InvalidNextException(
            f"Foreach variable *self.{foreach}* in step *{step}* is not iterable. Make it a list."
        ) from None
    if count == 0:
        raise InvalidNextException(
            f"Foreach iterator over *{foreach}* in step *{step}* produced zero splits. Check your variable."
        )
    return foreach, count


def _check_transition(program, flow, node):
    """What the step did must be what its source says."""
    went = flow._next
    if node.name == program.graph.end:
        return
    if went is None:
        raise InvalidNextException(
            f"Step *{node.name}* did not call self.next(). Call it once, as the last line of the step."
        )
    expected = set(node.targets)
    same = went.targets == node.targets if not went.condition else set(went.targets) <= expected
    if not same or (went.foreach and went.foreach[0]) != node.foreach or went.condition != node.condition:
        raise InvalidNextException(
            f"Step *{node.name}* was expected to go on to {', '.join(node.targets)}, as the last line of its source "
            f"says, but self.next() was called with {', '.join(went.targets)}. "
            "Make sure there is only one self.next() call, at the end of the step."
        )


def _go_on(flow, session, node):
    went = flow._next
    if went is None:
        return
    if went.condition:
        session.go_to(went.targets[0])
    elif went.foreach:
        name, count = went.foreach
        reference = session.left(name) or session.find(name)
        session.fan_out(count, reference if reference is not None else session.save(getattr(flow, name)))
