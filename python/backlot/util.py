"""Small helpers that code around flows takes from `metaflow.util`."""

import functools
import os

from backlot.about import own_namespace as resolve_identity
from backlot.exception import MetaflowInternalError
from backlot.identity import username as get_username

cached_property = functools.cached_property

__all__ = [
    "get_username", "resolve_identity", "resolve_identity_as_tuple", "which", "is_stringish", "to_bytes", "to_unicode",
    "to_fileobj", "url_quote", "url_unquote", "compress_list", "decompress_list", "dict_to_cli_options",
    "tar_safe_extract", "walk_without_cycles", "cached_property",
]  # fmt: skip


def resolve_identity_as_tuple():
    """One's own namespace as (kind, name)."""
    return tuple(resolve_identity().split(":", 1))


def which(cmd, mode=os.X_OK, path=None):
    """Where a program is; None when there is none."""
    import shutil

    return shutil.which(cmd, mode, path)


def is_stringish(x):
    """Whether it is text or bytes."""
    return isinstance(x, (str, bytes))


def to_bytes(x):
    """Text as UTF-8; anything else as it is."""
    return x.encode("utf-8") if isinstance(x, str) else x


def to_unicode(x):
    """Bytes read as UTF-8; anything else as text."""
    return x.decode("utf-8") if isinstance(x, bytes) else str(x)


def to_fileobj(x):
    """Text or bytes as an open binary file."""
    import io

    return io.BytesIO(to_bytes(x))


def url_quote(url):
    """The text, with what may not stand in an address replaced; bytes."""
    from urllib.parse import quote

    return to_bytes(quote(to_bytes(url), safe="/"))


def url_unquote(url_bytes):
    """The text that url_quote replaced."""
    from urllib.parse import unquote

    return unquote(to_unicode(url_bytes))


def compress_list(lst, separator=",", rangedelim=":", zlibmarker="!", zlibmin=500):
    """Texts as one: what all begin with stands once, and a long result is packed."""
    marks = (separator, rangedelim, zlibmarker)
    for item in lst:
        if any(mark in item for mark in marks):
            raise MetaflowInternalError(f"{item!r} cannot be in a compressed list: it holds one of {' '.join(marks)}.")
    if len(lst) < 2:
        text = separator.join(lst)
    else:
        prefix = os.path.commonprefix(list(lst))
        if any(item == prefix for item in lst):
            prefix = prefix[:-1]  # an item must not become empty
        text = prefix + rangedelim + separator.join(item[len(prefix) :] for item in lst)
    if len(text) <= zlibmin:
        return text
    import base64
    import zlib

    return zlibmarker + base64.b64encode(zlib.compress(text.encode())).decode()


def decompress_list(lststr, separator=",", rangedelim=":", zlibmarker="!"):
    """The texts that compress_list made one."""
    if lststr.startswith(zlibmarker):
        import base64
        import zlib

        lststr = zlib.decompress(base64.b64decode(lststr[len(zlibmarker) :])).decode()
    prefix, found, rest = lststr.partition(rangedelim)
    if found:
        return [prefix + item for item in rest.split(separator)]
    return lststr.split(separator)


def dict_to_cli_options(params):
    """The words of a command line for options by name. None and False are left out, a list is said several times."""
    import shlex

    for name, value in params.items():
        if value is None or value is False:
            continue
        option = "--" + {"decospecs": "with"}.get(name, name).replace("_", "-")
        for item in value if isinstance(value, (list, tuple, set)) else (value,):
            yield option
            if item is not True:
                yield shlex.quote(str(item))


def tar_safe_extract(tar, path=".", members=None, *, numeric_owner=False):
    """Unpacks an archive. Refuses one with a name that leads out of the folder."""
    root = os.path.realpath(path)
    for member in tar.getmembers():
        target = os.path.realpath(os.path.join(root, member.name))
        if os.path.commonpath([root, target]) != root:
            raise MetaflowInternalError(f"{member.name} leads out of {path}: this archive is not unpacked.")
    # A link in the archive may lead out as well: the filter refuses it, where Python has filters.
    import tarfile

    safely = {"filter": "tar"} if hasattr(tarfile, "tar_filter") else {}
    tar.extractall(path, members, numeric_owner=numeric_owner, **safely)


def walk_without_cycles(top_root, exclude_dirs=None):
    """os.walk that follows links, but goes into no folder twice on one way down."""
    excluded = {os.path.realpath(folder) for folder in exclude_dirs or ()}

    def walk(folder, above):
        above = above | {os.path.realpath(folder)}
        root, folders, files = next(os.walk(folder), (folder, [], []))
        folders[:] = [f for f in folders if os.path.realpath(os.path.join(root, f)) not in above | excluded]
        yield root, folders, files
        for name in folders:  # those that the caller has left in
            yield from walk(os.path.join(root, name), above)

    return walk(top_root, frozenset())
