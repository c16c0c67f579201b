"""Where a step goes next: what it says by `self.next`."""

from backlot import source_location
from backlot.exception import InvalidNextException


class Transition:
    """Where a step goes: step names, and the foreach or switch that decides."""

    def __init__(self, targets, foreach=None, condition=None):
        self.targets, self.foreach, self.condition = targets, foreach, condition


def transition(flow, steps, keywords):
    """Reads the arguments of `self.next`."""
    if flow._next is not None:
        raise _invalid_next(flow, "Multiple self.next() calls detected in {step}. Call self.next() only once.")
    unknown = set(keywords) - {"foreach", "condition", "num_parallel"}
    if unknown:
        names = ", ".join(sorted(unknown))
        raise _invalid_next(flow, "{step} calls self.next() with the unknown keyword " + names + ".")
    if keywords.get("num_parallel") is not None:
        raise _invalid_next(flow, "{step} asks for num_parallel, which is not supported. Use foreach.")
    if keywords.get("condition") is not None:
        return _switch(flow, steps, keywords["condition"])
    if not steps:
        raise _invalid_next(flow, "{step} calls self.next() without a step to go to.")
    targets = [_step_name(flow, s) for s in steps]
    if keywords.get("foreach") is not None:
        if len(targets) != 1:
            raise _invalid_next(flow, "{step} specifies a foreach over several steps. A foreach goes to one step.")
        return Transition(targets, foreach=_checked_foreach(flow, keywords["foreach"]))
    return Transition(targets)


def _step_name(flow, step):
    name = getattr(getattr(step, "__func__", step), "__name__", None)
    if name is None or not hasattr(type(flow), name):
        raise _invalid_next(flow, "{step} goes on to something that is no step of this flow. Write self.<step>.")
    return name


def _switch(flow, steps, condition):
    if len(steps) != 1 or not isinstance(steps[0], dict) or not steps[0]:
        raise _invalid_next(flow, "{step} needs one dictionary of cases beside condition=.")
    if not isinstance(condition, str):
        raise _invalid_next(flow, "{step}: condition= takes the name of an artifact, a text.")
    try:
        value = getattr(flow, condition)
    except AttributeError:
        raise _invalid_next(
            flow, "Condition variable *self." + condition + "* in {step} does not exist. Set it before self.next()."
        ) from None
    if value not in steps[0]:
        raise RuntimeError(
            f"Switch condition variable '{condition}' has value {value!r} "
            f"which is not in the available cases: {list(steps[0])}"
        )
    return Transition([_step_name(flow, steps[0][value])], condition=condition)


def _checked_foreach(flow, foreach):
    if not isinstance(foreach, str):
        raise _invalid_next(flow, "{step}: foreach= takes the name of an artifact, a text, not the items themselves.")
    variable = "Foreach variable *self." + foreach + "* in {step} "
    try:
        items = getattr(flow, foreach)
    except AttributeError:
        raise _invalid_next(flow, variable + "does not exist. Check your variable.") from None
    try:
        first, second = iter(items), iter(items)
        count = len(items) if hasattr(items, "__len__") else 0 if first is second else sum(1 for _ in first)
    except TypeError:
        raise _invalid_next(flow, variable + "is not iterable. Make it a list.") from None
    if first is second:
        flow.__dict__.pop(foreach, None)  # saving it might fail as well, with other words for the same
        kind = f"is of type {type(items).__qualname__}, which can be gone through only once, but every task goes "
        fix = f"through it to find its item. Make it a list: self.{foreach} = list(...)."
        raise _invalid_next(flow, variable + kind + fix)
    if count == 0:
        raise _invalid_next(
            flow, "Foreach iterator over *" + foreach + "* in {step} produced zero splits. Check your variable."
        )
    return foreach, count


def _invalid_next(flow, text):
    """The exception for a self.next that cannot be, with the line where it is called."""
    _, line = source_location.of_caller()
    return InvalidNextException(text.format(step=f"step *{flow._task.step}*"), line)
