"""Which archives the client reads, homes and folders of Metaflow's, and in which namespace."""

import os

from backlot import _core, about
from backlot.exception import MetaflowException

_namespace = False  # False: not chosen yet
_folder = None  # text of metadata(); None: the home that runs write to
_archives: dict = {}


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
    global _folder
    kind, at, folder = ms.partition("@")
    if not at and kind not in ("local", "backlot"):
        kind, folder = ("service", ms) if ms.startswith("http") else ("local", ms)
    if kind not in ("local", "backlot"):
        raise MetaflowException(f"metadata({ms!r}): there is no metadata service here. Give a folder, as local@FOLDER.")
    if folder and os.path.abspath(folder) != home() and not _archives_in(folder):
        raise ValueError(f"{folder} is neither a home of Backlot nor does it hold a .metaflow folder.")
    _folder = folder or None
    return get_metadata()


def get_metadata():
    """Where objects are read from, as `metadata` takes it."""
    return f"local@{_folder or home()}"


def default_metadata():
    """Goes back to the home that runs of this process write to."""
    global _folder
    _folder = None
    return get_metadata()


def folder_of(text):
    """The folder in a text as get_metadata() gives it; None for the home that runs write to."""
    folder = text.partition("@")[2] or text if text else _folder
    return None if folder is None or folder == home() else folder


def close():
    """Lets go of all open homes; they are opened again when they are needed."""
    for archive in _archives.values():
        archive.close()


def home():
    return _core.find_home()


def archives_of(folder):
    """The homes and folders in which to look, one after the other."""
    if folder is not None and (found := _archives_in(folder)):
        yield from found
        return
    yield from _archive_of_home(home())
    from backlot.client import metaflow_folder

    nearest = metaflow_folder.nearest()
    if nearest is not None:
        yield _cached(nearest, metaflow_folder.Archive)


def _archives_in(folder):
    from backlot.client import metaflow_folder

    folder = os.path.abspath(folder)
    found = list(_archive_of_home(folder))
    inside = metaflow_folder.inside(folder)
    if inside is not None:
        found.append(_cached(inside, metaflow_folder.Archive))
    return found


def _archive_of_home(folder):
    if os.path.exists(os.path.join(folder, "catalog.sqlite")):  # looking makes nothing
        yield _cached(folder, _core.Archive)


def _cached(path, kind):
    if path not in _archives:
        _archives[path] = kind(path)
    return _archives[path]
