"""Pickles as the store keeps them: protocol 5, large buffers out of band, versions behind the end, a bounded preview for
people."""

import io
import pickle
import re
import reprlib

from backlot import _pandas_cache, _torch_storage, _versions
from backlot.exception import MetaflowException

_SMALL = 4096  # buffers below this stay in the stream: a page of their own would cost more than copying them

_preview = reprlib.Repr()
_preview.maxstring = _preview.maxother = 200
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def dumps(value):
    """(stream, buffers, type, repr, shape) of a value. Raises what its pickling raises."""
    reducers = _torch_storage.reducers()
    stream, buffers = _dumped(value, reducers)
    versions = _versions.written(stream[: _versions.SEARCHED])
    if _pandas_cache.may_be_in(stream, versions):
        stream, buffers = _dumped(value, {**_pandas_cache.reducers(), **(reducers or {})})
    kind = type(value)
    return stream + versions, buffers, f"{kind.__module__}.{kind.__qualname__}", _repr(value), _shape(value)


def _dumped(value, dispatch_table):
    buffers = []

    def keep(buffer):
        try:
            raw = buffer.raw()
        except BufferError:  # not contiguous
            return True
        if raw.nbytes < _SMALL:
            return True
        buffers.append(raw)
        return False

    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, protocol=5, buffer_callback=keep)
    if dispatch_table is not None:
        pickler.dispatch_table = dispatch_table
    pickler.dump(value)
    return stream.getvalue(), buffers


def loads(stream, buffers, kind):
    """The object of a stream. `kind`: what its type was called when it was written."""
    from backlot import _unpickle

    versions = _versions.read(stream)
    if not _unpickle.misread(versions):
        try:
            return pickle.loads(stream, buffers=buffers)
        except (MemoryError, MetaflowException):  # of this process, not of the pickle: a step's time is over
            raise
        except Exception:
            pass
    return _unpickle.load(stream, buffers, kind, versions)


def item(value, index):
    """Item `index` of what a foreach runs over, which may only be iterable."""
    try:
        return value[index]
    except (TypeError, KeyError):
        import itertools

        for found in itertools.islice(value, index, None):
            return found
        raise IndexError(
            f"the foreach has no item {index}: its variable, of type {type(value).__qualname__}, gave fewer items than "
            "when they were counted. Make it a list."
        ) from None


def _repr(value):
    # The same object must always give the same text, for it is part of the value's identity: no addresses.
    try:
        return _text(_ADDRESS.sub("", _preview.repr(value)))
    except Exception:
        return ""


def _text(text):
    """What is UTF-8 for certain: a lone surrogate is shown as Python writes it."""
    return text.encode("utf-8", "backslashreplace").decode()


def _shape(value):
    shape = getattr(value, "shape", ())
    if isinstance(shape, tuple) and all(type(n) is int and n >= 0 for n in shape):
        return shape
    return ()


def unpicklable(value, name, depth=4):
    """Where in `value` that is which cannot be pickled, "model.lock", and its type."""
    seen = set()

    def children(v):
        if isinstance(v, dict):
            return [(f"[{k!r}]", x) for k, x in v.items()]
        if isinstance(v, (list, tuple, set, frozenset)):
            return [(f"[{i}]", x) for i, x in enumerate(v)]
        return [(f".{k}", x) for k, x in getattr(v, "__dict__", {}).items()]

    def search(v, path, left):
        if left and id(v) not in seen:
            seen.add(id(v))
            for step, child in children(v):
                try:
                    pickle.dumps(child, protocol=5)
                except Exception:
                    return search(child, path + step, left - 1)
        return path, type(v)

    return search(value, name, depth)
