"""Which packages a pickle needs, in which versions: written behind its end, where `pickle` does not read.

    … STOP \\n {"numpy":"2.4.6","pandas":"3.1.1"} \\n

A pickle ends with STOP, a point; with versions it ends with a line end. Only packages that the pickle itself names are
written, so the same object gives the same bytes whatever else is imported. Python's own modules are not written.
"""

import json
import os
import re
import sys

SEARCHED = 1 << 16  # bytes of a stream: what it is made of is named near its beginning, and long streams are data
_MOST = 8  # packages
_LONGEST = 40  # characters of a version
_LINE = 4096  # bytes that hold all of these, with names of 255

# A module's name, a class's or function's, and the code that looks one up in the other, as protocol 5 writes them. Both
# names are followed by "remember this"; a name that was remembered stands there by its number.
_NAMED = re.compile(rb"\x8c.([A-Za-z_]\w*)[\w.]*\x94(?:\x8c.[\w.<>]+\x94|h.|j....)\x93", re.DOTALL)
_STANDARD = os.path.dirname(os.__file__) + os.sep


def written(beginning):
    """What goes behind a stream that begins so: nothing, or a line with versions."""
    names = sorted({match[1].decode() for match in _NAMED.finditer(beginning)})
    versions = {name: version for name in names if (version := _version(name))}
    if not versions:
        return b""
    return b"\n" + json.dumps(dict(list(versions.items())[:_MOST]), separators=(",", ":")).encode() + b"\n"


def read(stream):
    """The versions behind a stream, by package."""
    if stream[-1:] != b"\n":
        return {}
    return json.loads(bytes(stream[-_LINE:])[:-1].rpartition(b"\n")[2])


def here(name):
    """The version of a package of this Python, or None where it is not installed."""
    import importlib

    try:
        importlib.import_module(name)
    except Exception:
        return None
    return _version(name)


def _version(name):
    module = sys.modules.get(name)
    version = getattr(module, "__version__", None)
    file = getattr(module, "__file__", None)
    if not isinstance(version, str) or not file:
        return None
    if file.startswith(_STANDARD) and not re.search(r"[/\\](site|dist)-packages[/\\]", file):
        return None
    return str(version)[:_LONGEST]
