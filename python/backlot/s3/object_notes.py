"""What `put` says about an object besides its bytes: content type and metadata, in a hidden file beside it.

The file is named after the object's name, time and size, and is written before the object takes its place. So an
object that was put again, or changed by hand, never bears what was said about another one.
"""

import hashlib
import json
import os


def _path(folder, name, found):
    named = hashlib.sha256(os.fsencode(name)).hexdigest()[:16]
    return os.path.join(folder, f".backlot-{named}-{found.st_mtime_ns}-{found.st_size}.json")


def of_object(path):
    """Where the notes of the object that is there now are; None where there is no object."""
    try:
        return _path(*os.path.split(path), os.stat(path))
    except (FileNotFoundError, NotADirectoryError):
        return None


def read(path):
    """What was said about an object: a dictionary, empty when nothing was."""
    where = of_object(os.path.realpath(path))
    try:
        with open(where or "", encoding="utf-8") as file:
            return json.load(file)
    except (FileNotFoundError, ValueError):
        return {}


def write(temporary, path, said):
    """Notes it for the file that will be renamed to `path`. Returns where."""
    os.utime(temporary)
    where = _path(*os.path.split(path), os.stat(temporary))
    begun = f"{temporary}.notes"
    try:
        with open(begun, "w", encoding="utf-8") as file:
            json.dump(said, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(begun, where)
    except BaseException:
        if os.path.exists(begun):
            os.unlink(begun)
        raise
    return where
