"""Python's open files around a fork: what was written is in the file before tasks begin, and when a task has ended."""

import _io
import gc
import os
import sys

from backlot import _core

# `own`: whether the program opened files itself; `most`: what os.listdir tells of a task that opened none.
_state: dict = {"own": False, "most": 0, "before": None, "writers": [], "temporary": []}
_LISTED = 5  # in every task: the standard streams, the channel, and the folder that is being listed


def unshareable():
    """What this process has open and forks of it cannot share, in words; empty when there is nothing. Besides what the
    system tells: a database, and what is written through a state in memory, of which each fork would write its own."""
    reason, own, _ = _core.opened_files()
    if reason or not own:
        return reason
    kinds = _kinds_with_state()
    for thing in gc.get_objects():
        name = kinds.get(type(thing))
        if name is not None and _writes(thing):
            return f"{name} was opened before the first task"
    return _rotated_log()


def _kinds_with_state():
    """Classes and what they are called, of those modules that somebody has imported."""
    found = {}
    for module, names in {
        "sqlite3": {"Connection": "a database"},
        "dbm.dumb": {"_Database": "a database"},
        "shelve": {"DbfilenameShelf": "a database"},
        "gzip": {"GzipFile": "a compressed file"},
        "bz2": {"BZ2File": "a compressed file"},
        "lzma": {"LZMAFile": "a compressed file"},
        "zipfile": {"ZipFile": "an archive"},
        "tarfile": {"TarFile": "an archive"},
    }.items():
        for name, words in names.items():
            kind = getattr(sys.modules.get(module), name, None)
            if kind is not None:
                found[kind] = words
    return found


def _writes(thing):
    """Whether it changes a file that lies on disk."""
    if hasattr(thing, "execute"):  # of SQLite, which may be in memory alone
        try:
            return any(file for _, _, file in thing.execute("PRAGMA database_list"))
        except Exception:  # closed
            return False
    if isinstance(thing, _io._IOBase):
        return not thing.closed and thing.writable()
    is_closed = getattr(thing, "closed", False) or getattr(thing, "fp", thing) is None  # TarFile, ZipFile
    return not is_closed and not getattr(thing, "mode", "w").startswith("r")


def _rotated_log():
    """Who rotates a log renames it: other processes would go on to write into the old one."""
    kind = getattr(sys.modules.get("logging.handlers"), "BaseRotatingHandler", None)
    handlers = getattr(sys.modules.get("logging"), "_handlerList", ())
    if kind is not None and any(isinstance(reference(), kind) for reference in list(handlers)):
        return "a log that is rotated was opened before the first task"
    return ""


def before_fork():
    """Writes out what is buffered: else every task would write it once more, or none."""
    _flush_logging()
    _, _state["own"], count = _core.opened_files()
    _state["most"] = _LISTED + count
    if not _state["own"]:
        return
    files = [o for o in gc.get_objects() if isinstance(o, _io._IOBase)]
    _state["writers"] = [f for f in files if _flush(f)]
    closer = getattr(sys.modules.get("tempfile"), "_TemporaryFileCloser", None)
    if closer is not None:
        _state["temporary"] = [o for o in gc.get_objects() if isinstance(o, closer)]


def after_fork():
    """In a task: the program's temporary files are not its own to delete."""
    if _state["own"]:
        for closer in _state["temporary"]:
            closer.delete = False
        _state["before"] = _opened()


def finish(forked):
    """At a task's end, as Python does at that of a process: closes the task's files, and writes out the program's."""
    if forked:
        for file in _state["writers"]:
            _flush(file)
    if not forked or _task_has_files():
        _close_all()
    for stream in (sys.stdout, sys.stderr):
        _flush(stream)


def _task_has_files():
    if _state["own"]:
        return _opened() != _state["before"]
    return len(os.listdir("/proc/self/fd")) > _state["most"]


def _opened():
    """What is open: a number alone may be that of another file by now."""
    found = set()
    for number in os.listdir("/proc/self/fd"):
        try:
            found.add((number, os.readlink(f"/proc/self/fd/{number}")))
        except OSError:  # the folder that was listed
            pass
    return found


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
    others = {"zipfile": "ZipFile", "tarfile": "TarFile", "shelve": "Shelf"}
    found = (getattr(sys.modules.get(module), name, None) for module, name in others.items())
    kinds = (_io._IOBase, *(kind for kind in found if kind is not None))
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
