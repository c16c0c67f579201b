"""`metaflow._vendor.click` and its like: packages that Metaflow brings along. Here they are those that are installed."""

import importlib
import sys

from backlot.absent import NoSuchModule, NotInBacklot

_PACKAGES = {"click": "click", "yaml": "pyyaml", "packaging": "packaging", "typing_extensions": "typing_extensions",
             "importlib_metadata": "importlib_metadata", "typeguard": "typeguard", "zipp": "zipp"}  # fmt: skip


class NotInstalled(NotInBacklot, ModuleNotFoundError):
    """A package that Metaflow brings along, and that is not installed."""

    def __init__(self, name, package):
        super().__init__(f"metaflow._vendor.{name} is the package {package} in Backlot. Install it: pip install {package}")


def spec(name):
    """The spec of metaflow._vendor or of a module in it."""
    from importlib.machinery import ModuleSpec

    inner = name.partition("._vendor")[2].lstrip(".")
    if not inner:
        return ModuleSpec(name, _Nothing(), is_package=True)
    top = inner.partition(".")[0]
    if top not in _PACKAGES:
        raise NoSuchModule("_vendor", inner)
    return ModuleSpec(name, _Installed(inner), is_package=True)


class _Nothing:
    """metaflow._vendor itself: its modules are imported by their names."""

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        pass


class _Installed:
    def __init__(self, name):
        self._name = name

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        top = self._name.partition(".")[0]
        try:
            found = importlib.import_module(self._name)
        except ModuleNotFoundError as error:
            if error.name != top:
                raise
            raise NotInstalled(self._name, _PACKAGES[top]) from None
        sys.modules[module.__name__] = found
