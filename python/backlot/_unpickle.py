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

# What pandas loads without a word and gets wrong: which names, and why.
_TIMES = dict.fromkeys(
    ("_unpickle_timestamp", "_timedelta_unpickle", "DatetimeArray", "TimedeltaArray", "DatetimeIndex", "TimedeltaIndex",
     "DatetimeTZDtype"),
    "pandas 1 would take its times for nanoseconds",
)  # fmt: skip
_ARROW = {"ArrowDtype": "pandas 3 cannot use the types of Arrow that pandas 2 pickled"}


def misread(versions):
    """What pandas here would get wrong in a pickle of these versions: {name of a class or function: why}."""
    wrote = _major(versions.get("pandas"))
    if not wrote:
        return {}
    here = _major(_versions.here("pandas"))
    if wrote >= 2 > here:
        return _TIMES
    return _ARROW if wrote < 3 <= here else {}


def load(stream, buffers, kind, versions):
    """The object of a stream that `pickle` cannot load, or misreads. Throws UnreadableValue."""
    try:
        return _Unpickler(io.BytesIO(stream), buffers, misread(versions)).load()
    except (MemoryError, MetaflowException):  # of this process, not of the pickle: a step's time is over
        raise
    except Exception as error:
        why = " ".join(str(error).split())[:300]  # pandas may tell whole arrays
        text = f"a {kind} cannot be loaded: {type(error).__name__}: {why}"
        raise UnreadableValue(text, "", _versions_text(versions)) from error


class _Unpickler(pickle.Unpickler):
    def __init__(self, file, buffers, refused):
        super().__init__(file, buffers=buffers)
        self._refused = refused

    def find_class(self, module, name):
        if name in self._refused and module.partition(".")[0] == "pandas":
            raise pickle.UnpicklingError(self._refused[name])
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


def _versions_text(versions):
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
