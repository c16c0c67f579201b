"""Pickles that another version of NumPy or pandas wrote: loaded where they give the same object, else refused by name."""

import io
import pickle

from backlot import _versions
from backlot.errors import UnreadableValue
from backlot.exception import MetaflowException

# What was moved and is the same, in both directions: module and name, before and since.
_MOVED = [
    (("pandas.core.arrays.sparse.dtype", "SparseDtype"), ("pandas.core.dtypes.dtypes", "SparseDtype")),
    (("pandas._libs.tslibs.nattype", "__nat_unpickle"), ("pandas._libs.tslibs.nattype", "_nat_unpickle")),
]
_ELSEWHERE = dict(_MOVED) | {since: before for before, since in _MOVED}
# pandas 2 has one class for what were these. The elements that stand beside it say the type.
_ELSEWHERE |= {
    ("pandas.core.indexes.numeric", name): ("pandas.core.indexes.base", "Index")
    for name in ("Int64Index", "UInt64Index", "Float64Index")
}

# pandas 1 takes the seconds and microseconds that pandas 2 may write for nanoseconds, and says nothing.
_TIMES = {
    "_unpickle_timestamp", "_timedelta_unpickle", "DatetimeArray", "TimedeltaArray", "DatetimeIndex", "TimedeltaIndex",
    "DatetimeTZDtype",
}  # fmt: skip


def misread(versions):
    """Whether plain `pickle` could make another object of this."""
    return _major(versions.get("pandas")) >= 2 > _major(_versions.here("pandas"))


def load(stream, buffers, kind, versions):
    """The object of a stream that `pickle` cannot load, or misreads. Throws UnreadableValue."""
    try:
        return _Unpickler(io.BytesIO(stream), buffers, misread(versions)).load()
    except (MemoryError, MetaflowException):  # of this process, not of the pickle: a step's time is over
        raise
    except Exception as error:
        raise UnreadableValue(f"a {kind} cannot be loaded: {type(error).__name__}: {error}", "", _told(versions)) from error


class _Unpickler(pickle.Unpickler):
    def __init__(self, file, buffers, refuses_times):
        super().__init__(file, buffers=buffers)
        self._refuses_times = refuses_times

    def find_class(self, module, name):
        if self._refuses_times and name in _TIMES and module.partition(".")[0] == "pandas":
            raise pickle.UnpicklingError("pandas 1 would take its times for nanoseconds")
        try:
            return super().find_class(module, name)
        except (ImportError, AttributeError):
            elsewhere = _elsewhere(module, name)
            if elsewhere is None:
                raise
        return super().find_class(*elsewhere)


def _elsewhere(module, name):
    if module.partition(".")[0] == "numpy":  # its core has been private since NumPy 2
        for one, other in (("numpy._core", "numpy.core"), ("numpy.core", "numpy._core")):
            if module == one or module.startswith(one + "."):
                return other + module[len(one) :], name
    return _ELSEWHERE.get((module, name))


def _told(versions):
    if not versions:
        return ""
    here = {name: _versions.here(name) for name in versions}
    return "written with {}; here: {}".format(
        ", ".join(f"{name} {version}" for name, version in versions.items()),
        ", ".join(f"{name} {version}" if version else f"no {name}" for name, version in here.items()),
    )


def _major(version):
    """Its first number; 0 of what is not there."""
    first = (version or "").partition(".")[0]
    return int(first) if first.isdigit() else 0
