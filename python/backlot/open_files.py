"""Python's open files around a fork: what was written is in the file before tasks begin, and when a task has ended."""

import _io
import os
import sys

_state = {"before": 0, "writers": [], "temporary": []}


def before_fork():
    """Writes out what is buffered: else every task would write it once more, or none."""
    _flush_logging()
    if not _has_more_than(0):
        return
    import gc

    files = [o for o in gc.get_objects() if isinstance(o, _io._IOBase)]
    _state["writers"] = [f for f in files if _flush(f)]
    closer = getattr(sys.modules.get("tempfile"), "_TemporaryFileCloser", None)
    if closer is not None:
        _state["temporary"] = [o for o in gc.get_objects() if isinstance(o, closer)]


def after_fork():
    """In a task: the program's temporary files are not its own to delete."""
    for closer in _state["temporary"]:
        closer.delete = False
    _state["before"] = _count()


def finish(forked):
    """At a task's end, as Python does at that of a process: closes the task's files, and writes out the program's."""
    if forked:
        for file in _state["writers"]:
            _flush(file)
    if not forked or _has_more_than(_state["before"]):
        _close_all()
    for stream in (sys.stdout, sys.stderr):
        _flush(stream)


def _count():
    return len(os.listdir("/proc/self/fd"))


def _has_more_than(before):
    # The standard ones, and the folder that is being listed.
    return _count() > (before or 4)


def _flush_logging():
    logging = sys.modules.get("logging")
    for reference in list(getattr(logging, "_handlerList", ())):
        handler = reference()
        if handler is not None:
            try:
                handler.flush()
            except Exception:  # as logging.shutdown: what cannot be flushed now is told when it is next written to
                pass


def _flush(file):
    """Whether it can be written to. What cannot be flushed is not ours to tell: as when a process of Python ends."""
    try:
        if file.closed or not file.writable():
            return False
        file.flush()
    except Exception:
        return False
    return True


def _close_all():
    """The files that are still open, outer ones first: an archive before the file that it lies in."""
    import gc

    zip_file = getattr(sys.modules.get("zipfile"), "ZipFile", ())
    kinds = (_io._IOBase, zip_file) if zip_file else _io._IOBase
    standard = {id(s) for name in ("stdin", "stdout", "stderr") for s in _layers(getattr(sys, name, None))}
    standard |= {id(s) for name in ("stdin", "stdout", "stderr") for s in _layers(getattr(sys, f"__{name}__", None))}
    # After a fork these are the task's own: the program's were frozen before (gc.freeze).
    files = [o for o in gc.get_objects() if isinstance(o, kinds) and id(o) not in standard]
    for file in sorted(files, key=_depth):
        try:
            file.close()
        except Exception as error:  # as Python: told, and the process ends
            print(f"Exception ignored when {file!r} was closed: {error}", file=sys.stderr)


def _layers(stream):
    while stream is not None:
        yield stream
        stream = getattr(stream, "buffer", None) or getattr(stream, "raw", None)


def _depth(file):
    """Text lies in anything, compressed files and members of an archive in the archive, and that in the system's files."""
    if not isinstance(file, _io._IOBase):
        return 2
    if isinstance(file, _io._TextIOBase):
        return 0
    if type(file).__module__ not in ("_io", "io"):
        return 1
    return 3 if isinstance(file, _io._BufferedIOBase) else 4
