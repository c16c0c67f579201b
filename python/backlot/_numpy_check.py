"""Whether this NumPy gives arrays back as they were stored: tried once for each interpreter, NumPy and build of Backlot."""

import os
import platform
import sys

from backlot import _core
from backlot.errors import Error

# NumPy's dtype.char of all plain types, and of those with a size or a unit.
_CODES = [*"?bhilqpBHILQPefdgFDG", "S3", "U3", "V3", "M8[s]", "m8[ns]", "O"]
_LARGE = 5000  # elements of an array that is a blob of its own; smaller ones stand in the manifest


_ensured = set()  # versions of NumPy, in this process and those it was forked from


def ensure():
    """Raises when arrays do not come back. What was tried is noted in the home, and not tried again."""
    import numpy

    if numpy.__version__ in _ensured:
        return
    _ensured.add(numpy.__version__)  # first: the trial itself saves and loads arrays
    try:
        _try(numpy)
    except BaseException:
        _ensured.discard(numpy.__version__)
        raise


def _try(numpy):
    note = _note(numpy)
    if os.path.exists(note):
        return
    problem = find_problem(numpy, _stored_and_read)
    if problem:
        raise Error(
            f"NumPy {numpy.__version__} with Python {platform.python_version()} cannot be used: {problem}",
            "",
            "nothing was stored; use another version of NumPy, and report this one",
        )
    try:
        os.makedirs(os.path.dirname(note), exist_ok=True)
        with open(note, "w"):
            pass
    except OSError:  # a home that this user only reads: it is tried again next time
        pass


def find_problem(numpy, stored_and_read):
    """What does not come back from `stored_and_read(objects)`, in words; None when all does."""
    told = list(_arrays(numpy))
    for (what, stored), read in zip(told, stored_and_read([array for _, array in told])):
        difference = _difference(numpy, stored, read)
        if difference:
            return f"an array {what} comes back with another {difference}"
    return None


def _arrays(numpy):
    """(words, array): every type in every layout that arrays have; some also as blobs of their own."""
    for code in _CODES:
        plain = _filled(numpy, code, 6)
        name = f"of type {plain.dtype.str}"
        yield name, plain
        yield f"{name}, two dimensions", plain.reshape(2, 3)
        yield f"{name}, in Fortran order", numpy.asfortranarray(plain.reshape(2, 3))
        yield f"{name}, every second", plain[::2]
        yield f"{name}, backwards", plain[::-1]
        read_only = plain.copy()
        read_only.flags.writeable = False
        yield f"{name}, read-only", read_only
        if plain.dtype.itemsize > 1 and code not in ("O", "V3", "S3"):
            yield f"{name}, byte-swapped", plain.astype(plain.dtype.newbyteorder())
        if code in "?ldF":
            yield f"{name}, {_LARGE} elements", _filled(numpy, code, _LARGE)
        yield f"of type {plain.dtype.str}, without a dimension", plain[:1].reshape(())
        yield f"of type {plain.dtype.str}, empty", plain[:0]
        yield f"of type {plain.dtype.str}, empty with two dimensions", plain[:0].reshape(0, 3)
    yield "of records", numpy.array([(1, 2.5), (3, 4.5)], dtype=[("n", "i4"), ("x", "f8")])


def _filled(numpy, code, size):
    numbers = numpy.arange(1, size + 1) % 97
    if code == "V3":
        return numbers.astype("S3").view("V3")
    return numbers.astype(code)


def _difference(numpy, stored, read):
    if type(read) is not numpy.ndarray:
        return "type"
    if not stored.dtype.isnative:  # NumPy's own pickling turns some of these into the machine's order: the same numbers
        native = stored.dtype.newbyteorder("=")
        stored, read = stored.astype(native), read.astype(native)
    if read.dtype != stored.dtype:
        return "dtype"
    if read.shape != stored.shape:
        return "shape"
    order = ("c_contiguous", "f_contiguous")
    if stored.flags.c_contiguous and any(getattr(read.flags, o) != getattr(stored.flags, o) for o in order):
        return "order"
    same = read.tolist() == stored.tolist() if stored.dtype.hasobject else read.tobytes() == stored.tobytes()
    return None if same else "content"


def _stored_and_read(objects):
    import tempfile

    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # a store's many folders are quickly made there
    with tempfile.TemporaryDirectory(prefix="backlot-numpy-", dir=memory) as folder:
        return _core.stored_and_read(folder, objects)


def _note(numpy):
    build = os.stat(_core.__file__)
    name = f"numpy-{numpy.__version__}-{sys.implementation.cache_tag}-{build.st_size:x}{build.st_mtime_ns:x}"
    return os.path.join(_core.find_home(), "checks", name)
