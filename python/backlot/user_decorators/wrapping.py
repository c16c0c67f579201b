"""What custom decorators do around a step's code, in its task."""

from backlot.exception import InvalidNextException
from backlot.user_decorators.common import DecoratorMisused, without_ours


def run(flow, node, step, inputs):
    """Runs a step within its decorators: the outermost is entered first, and left last."""
    given = inputs[0] if inputs else None
    entered, instead, skipped = [], None, False
    for wrapper in reversed(node.wrappers):
        entered.append(wrapper)
        instead = wrapper.pre_step(node.name, flow, given)
        skipped = wrapper.skip_step
        if instead or skipped:
            break
    if skipped:
        answer, error = ({} if skipped is True else skipped), None
    else:
        answer, error = _call(flow, step, instead, inputs)
    for wrapper in reversed(entered):
        failed = error is not None
        error, wanted = _leave(wrapper, node.name, flow, error)
        if wanted is not None:
            answer = wanted
        elif failed and error is None and answer is None:
            answer = {}  # the step may not have come to its self.next
    if error is not None:
        error.__traceback__ = without_ours(error.__traceback__)
        raise error
    if flow._next is None and (answer is not None or instead):
        _go_on(flow, node, answer)


def _call(flow, step, instead, inputs):
    """Calls the step, or what is to be called instead. (what that said of self.next, what was raised)"""
    try:
        if instead is None:
            step(*inputs)
            return None, None
        return instead(flow, *inputs), None
    except Exception as error:
        return None, error


def _leave(wrapper, name, flow, error):
    """Lets a decorator do what it does after the step. (the exception from here on, arguments for self.next)"""
    try:
        told = wrapper.post_step(name, flow, error)
    except DecoratorMisused:
        raise
    except Exception as raised:
        return raised, None
    first, second = told if isinstance(told, tuple) and len(told) == 2 else (told, None)
    if not isinstance(first, (BaseException, type(None))) or not isinstance(second, (dict, type(None))):
        raise wrapper._failure(
            f"@{type(wrapper).__name__} returned {told!r} after step *{name}*. Return an exception, or None for none, "
            "or a pair of that and a dictionary of arguments for self.next.",
            DecoratorMisused,
        )
    return first, second


def _go_on(flow, node, answer):
    """Calls self.next as the last line of the step would, but with these arguments."""
    if answer is not None and not isinstance(answer, (bool, dict)):
        raise DecoratorMisused(
            f"What was called instead of step *{node.name}* returned {answer!r}. Call self.next in it, or return True "
            "for the self.next of the step, or a dictionary of arguments for it."
        )
    if not node.targets:
        return
    keywords = dict(answer) if isinstance(answer, dict) else {}
    steps = [getattr(flow, name) for name in node.targets]
    if node.kind == "foreach":
        keywords.setdefault("foreach", node.foreach)
    elif node.kind == "switch":
        keywords.setdefault("condition", node.condition)
        steps = [{_case(flow, case): getattr(flow, name) for case, name in node.cases.items()}]
    try:
        flow.next(*steps, **keywords)
    except InvalidNextException as error:
        error.line_no = node.next_line
        raise


def _case(flow, case):
    """The value of a switch's case, which may be written as one of a config."""
    if not (isinstance(case, str) and case.startswith("config:")):
        return case
    config, _, key = case[len("config:") :].partition(".")
    return getattr(getattr(flow, config), key)
