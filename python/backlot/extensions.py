"""Packages that extend Metaflow, as far as they are modules: what they add to its settings and to its names.

They lie in `metaflow_extensions.<organization>.<config, plugins, toplevel>`, each with a module that describes it,
`mfextinit_….py` or the package itself. They are looked at when a name is asked for that Backlot has not. Their
decorators, environments, datastores and commands are not taken up.
"""

import importlib
import os

failed: dict = {}  # modules of extensions that could not be imported, and why
_looking: set = set()  # what is being looked for: an extension that asks for it itself finds nothing


def find(module, name):
    """(what an extension has for `metaflow.<module>.<name>`,), for it may be None; None when it has nothing."""
    points = {"metaflow_config": "config", "": "toplevel"}
    if module not in points or name.startswith("_") and module:
        return None
    key = (module, name)
    if key in _looking:
        return None
    _looking.add(key)
    try:
        for holder in _descriptors(points[module]):
            if module == "":
                holder = _loaded(f"{_package(holder)}.{holder.toplevel}") if hasattr(holder, "toplevel") else None
            if holder is not None and name in vars(holder):
                return (vars(holder)[name],)
    finally:
        _looking.discard(key)
    return None


def module_of(module):
    """The name of the module that an extension has put at `metaflow.<module>`; None when there is none."""
    if "metaflow_extensions" not in _installed():
        return None
    for point, below in (("plugins", "plugins."), ("toplevel", "")):
        if not module.startswith(below):
            continue
        for descriptor in _descriptors(point):
            organization = ".".join(descriptor.__name__.split(".")[:2])
            for promoted in getattr(descriptor, "__mf_promote_submodules__", ()):
                if module == below + promoted or module.startswith(f"{below}{promoted}."):
                    return f"{organization}.{module}"
    return None


def _installed():
    """The folders of metaflow_extensions, by its name; nothing when there are none."""
    try:
        return {"metaflow_extensions": list(importlib.import_module("metaflow_extensions").__path__)}
    except ImportError:
        return {}


def _descriptors(point):
    for folder in _installed().get("metaflow_extensions", ()):
        for organization in sorted(os.listdir(folder)):
            place = os.path.join(folder, organization, point)
            if not os.path.isdir(place):
                continue
            package = f"metaflow_extensions.{organization}.{point}"
            described = [f[:-3] for f in sorted(os.listdir(place)) if f.startswith("mfextinit_") and f.endswith(".py")]
            for name in [f"{package}.{d}" for d in described] or [package]:
                if (found := _loaded(name)) is not None:
                    yield found


def _loaded(name):
    """A module of an extension; None when it cannot be imported, which is noted for who misses a name."""
    try:
        return importlib.import_module(name)
    except Exception as error:
        failed[name] = f"{type(error).__name__}: {error}"
        return None


def _package(descriptor):
    return ".".join(descriptor.__name__.split(".")[:3])
