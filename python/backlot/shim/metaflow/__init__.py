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
    if name in _names.MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    try:
        return getattr(_backlot, name)
    except AttributeError:
        raise AttributeError(
            f"module 'metaflow' has no attribute {name!r}: this is Backlot, which has none under this name"
        ) from None


class _Submodules:
    """Makes metaflow.<module> for the modules that there is something for."""

    # A finder and a loader, without the base classes of importlib.abc: they take longer to import than all else.

    def find_spec(self, name, path=None, target=None):
        if name.startswith("metaflow.") and name[9:] in _names.MODULES:
            from importlib.machinery import ModuleSpec

            is_package = any(other.startswith(name[9:] + ".") for other in _names.MODULES)
            return ModuleSpec(name, self, is_package=is_package)
        return None

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


sys.meta_path.append(_Submodules())
