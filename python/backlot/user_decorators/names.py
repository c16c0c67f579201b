"""The classes of custom decorators and mutators by their names."""

import os
import sys

from backlot.exception import MetaflowException

_steps: dict = {}  # by module and name, in the order in which they are defined
_flows: dict = {}


def note(kind, is_for_flows):
    (_flows if is_for_flows else _steps)[kind.decorator_name] = kind


def known(is_for_flows=False):
    """The shortest name of each."""
    return [short(kind) for kind in (_flows if is_for_flows else _steps).values()]


def short(kind):
    """The end of its full name that no other has."""
    full = kind.decorator_name
    kinds = _flows if full in _flows else _steps
    parts = full.split(".")
    for count in range(1, len(parts)):
        name = ".".join(parts[-count:])
        if len(_matching(kinds, name)) < 2:
            return name
    return full


def find(name, is_for_flows=False):
    """The class of that name, whose module is imported if it has to be. None: there is none."""
    kinds = _flows if is_for_flows else _steps
    if not _matching(kinds, name) and "." in name:
        name = _in_running_file(name)
        if name not in kinds:
            _import(name)
    found = _matching(kinds, name)
    if name in found:
        return kinds[name]
    if len(found) > 1:
        raise MetaflowException(f"There are several decorators '{name}'. Say which: {', '.join(found)}.")
    return kinds[found[0]] if found else None


def _matching(kinds, name):
    return [full for full in kinds if full == name or full.endswith("." + name)]


def _in_running_file(name):
    """The same name; of the flow's own file that which it has while it runs: importing it would run it again."""
    module, _, last = name.rpartition(".")
    file = getattr(sys.modules["__main__"], "__file__", None) or ""
    return f"__main__.{last}" if module == os.path.splitext(os.path.basename(file))[0] else name


def _import(name):
    import importlib

    module = name.rpartition(".")[0]
    try:
        importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        raise MetaflowException(
            f"Decorator {name} cannot be imported: there is no module {error.name}. Write module.name of a decorator "
            "whose module lies beside the flow or on PYTHONPATH."
        ) from None
