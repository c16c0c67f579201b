"""Where the client reads from, and what it may see."""

import os

from backlot import about
from backlot.exception import MetaflowException

_namespace = False  # False: not chosen yet
_place = None  # text of metadata(); None: the home that runs write to
_archives = {}


def namespace(ns):
    """From now on only what bears this tag is found; None: everything."""
    global _namespace
    _namespace = ns
    return get_namespace()


def get_namespace():
    """The namespace in which objects are looked for."""
    if _namespace is False:
        default_namespace()
    return _namespace


def default_namespace():
    """Goes back to one's own namespace, "user:<name>"."""
    global _namespace
    _namespace = about.first_namespace()
    return get_namespace()


def metadata(ms):
    """Where to read from: "local@FOLDER" or a folder, which is a home of Backlot or holds a .metaflow folder."""
    global _place
    kind, at, place = ms.partition("@")
    if not at and kind not in ("local", "backlot"):
        kind, place = ("service", ms) if ms.startswith("http") else ("local", ms)
    if kind not in ("local", "backlot"):
        raise MetaflowException(f"metadata({ms!r}): there is no metadata service here. Give a folder, as local@FOLDER.")
    if place and os.path.abspath(place) != home() and not _archives_in(place):
        raise ValueError(f"{place} is neither a home of Backlot nor does it hold a .metaflow folder.")
    _place = place or None
    return get_metadata()


def get_metadata():
    """Where objects are read from, as `metadata` takes it."""
    return f"local@{_place or home()}"


def default_metadata():
    """Goes back to the home that runs of this process write to."""
    global _place
    _place = None
    return get_metadata()


def folder_of(told):
    """The folder in a text as get_metadata() gives it; None for the home that runs write to."""
    folder = told.partition("@")[2] or told if told else _place
    return None if folder is None or folder == home() else folder


def close():
    """Lets go of all open homes; they are opened again when they are needed."""
    for archive in _archives.values():
        archive.close()


def home():
    from backlot import _core

    return _core.find_home()


def archives_of(place):
    """The homes and folders in which to look, one after the other."""
    if place is not None and (found := _archives_in(place)):
        yield from found
        return
    yield from _archive_of_home(home())
    from backlot.client import metaflow_folder

    folder = metaflow_folder.nearest()
    if folder is not None:
        yield _cached(folder, metaflow_folder.Archive)


def _archives_in(place):
    from backlot.client import metaflow_folder

    place = os.path.abspath(place)
    found = list(_archive_of_home(place))
    folder = metaflow_folder.inside(place)
    if folder is not None:
        found.append(_cached(folder, metaflow_folder.Archive))
    return found


def _archive_of_home(folder):
    if os.path.exists(os.path.join(folder, "catalog.sqlite")):  # looking makes nothing
        from backlot import _core

        yield _cached(folder, _core.Archive)


def _cached(path, kind):
    if path not in _archives:
        _archives[path] = kind(path)
    return _archives[path]
