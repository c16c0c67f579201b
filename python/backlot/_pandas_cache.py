"""pandas' types of columns remember what was asked of them, and are pickled with it: a frame that was only looked at would
be another value."""

import copyreg

_REMEMBERED = b"\x8c\x06_cache\x94"  # the name of the attribute, as protocol 5 writes it


def may_be_in(stream, versions):
    return b'"pandas":' in versions and _REMEMBERED in stream


def reducers():
    """How pickle takes these types apart instead: {type: function}."""
    from pandas.api.extensions import ExtensionDtype

    table, left = dict(copyreg.dispatch_table), [ExtensionDtype]
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        table[kind] = _reduced
    return table


def _reduced(dtype):
    how, arguments, *state = dtype.__reduce_ex__(5)
    if state and isinstance(state[0], dict):
        state[0] = {name: value for name, value in state[0].items() if name != "_cache"} or None
    return (how, arguments, *state)
