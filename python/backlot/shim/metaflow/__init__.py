"""`import metaflow`, answered by Backlot: names are looked up where they are, when they are first used."""

import importlib
import sys

import backlot as _backlot
from backlot import metaflow_names as _names

__all__ = list(_backlot.__all__)
__path__ = []


def __getattr__(name):
    if name == "__version__":
        from backlot import about

        return about.version()
    if name in _backlot.__all__:
        return getattr(_backlot, name)
    if name.startswith("__"):
        raise AttributeError(name)
    if _names.has(name) or name == "_vendor":
        return importlib.import_module(f"{__name__}.{name}")
    return _names.find("", name)


class _Submodules:
    """Makes metaflow.<module> for the modules that there is something for."""

    # A finder and a loader, without the base classes of importlib.abc: they take longer to import than all else.

    def find_spec(self, name, path=None, target=None):
        if not name.startswith("metaflow."):
            return None
        from importlib.machinery import ModuleSpec

        inner = name[9:]
        if inner.partition(".")[0] == "_vendor":
            from backlot import vendored

            return vendored.spec(name)
        if _names.has(inner):
            # Always a package: only then is a name that it has not asked for here, and refused with a reason.
            return ModuleSpec(name, self, is_package=True)
        from backlot import absent, extensions

        real = extensions.module_of(inner)
        if real is not None:
            return ModuleSpec(name, _Other(real), is_package=True)
        module, _, last = inner.rpartition(".")
        raise absent.NoSuchModule(module, last)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        inner = module.__name__[9:]

        def get(name):
            if name == "__all__":
                return _names.names(inner)
            if name.startswith("__"):
                raise AttributeError(name)
            return _names.find(inner, name)

        module.__getattr__ = get
        module.__dir__ = lambda: sorted({*vars(module), *_names.names(inner)})


class _Other:
    """Loads a module that is another one under one more name."""

    def __init__(self, name):
        self._name = name

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        sys.modules[module.__name__] = importlib.import_module(self._name)


sys.meta_path.append(_Submodules())
