"""A folder as a place of objects: a key is the path of a file in it."""

import contextlib
import errno
import os
import stat

from backlot.s3 import object_notes
from backlot.s3.errors import MetaflowS3Exception, MetaflowS3URLException, NoObjectStore, errors_of

OURS = ".backlot-"  # files of ours, which are no objects: begun ones, and what is noted of others


def path_of_address(address):
    """The absolute path that file://… names. Raises for any other address."""
    from urllib.parse import unquote, urlsplit

    if not address.startswith("file://"):
        if "://" in address:
            raise NoObjectStore(address)
        raise MetaflowS3URLException(f"{address!r} is no address. Write file:// and the absolute path of a file.")
    parts = urlsplit(address)
    if parts.netloc not in ("", "localhost") or parts.query or parts.fragment:
        raise MetaflowS3URLException(f"{address} names no file of this machine. Write file:///FOLDER/FILE.")
    return unquote(parts.path)


def checked(key):
    """The key, when it names a file below the root by one name only. Raises otherwise."""
    if not isinstance(key, str):
        raise MetaflowS3URLException(f"A key is a text, not {key!r}.")
    parts = key.split("/")
    if any(part in ("", ".", "..") or "\0" in part for part in parts):
        raise MetaflowS3URLException(
            f"The key {key!r} is no path below the root. Write it as NAME/NAME, without '.', '..', '//' and a first '/'."
        )
    if any(part.startswith(OURS) for part in parts):
        raise MetaflowS3URLException(f"The key {key!r} is kept for Backlot: no name of a key begins with {OURS}.")
    return key


class Folder:
    def __init__(self, root):
        """`root`: an absolute path; the folder is made when the first object is put."""
        self.root = os.path.realpath(root)

    def url(self, key=""):
        from urllib.parse import quote

        return "file://" + quote(os.path.join(self.root, key), errors="surrogateescape")

    def find(self, key):
        """The path of an object and its stat; (path, None) where there is none. A link that leads out is refused."""
        path = os.path.join(self.root, checked(key))
        real = self._inside(path, key)
        with errors_of(self.url(key)):
            try:
                found = os.stat(real)
            except (FileNotFoundError, NotADirectoryError):
                return path, None
        return path, found if stat.S_ISREG(found.st_mode) else None

    def write(self, key, fill, said, overwrite):
        """Makes an object from what `fill` writes into a file: all of it or nothing. Returns whether it was made."""
        path = os.path.join(self.root, checked(key))
        self._inside(os.path.dirname(path), key)
        with errors_of(self.url(key)), _clear_names(key):
            if not overwrite and os.path.lexists(path):
                return False
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with self._begun(path) as temporary:
                with open(temporary, "wb") as file:
                    fill(file)
                    file.flush()
                    os.fsync(file.fileno())
                return self._finish(temporary, path, said, overwrite)

    @staticmethod
    def _finish(temporary, path, said, overwrite):
        old = object_notes.of_object(path)
        new = object_notes.write(temporary, path, said) if said else None
        try:
            if overwrite:
                os.replace(temporary, path)
            else:
                os.link(temporary, path)  # unlike a rename it never takes the place of another
        except FileExistsError:
            if new is not None:
                os.unlink(new)
            return False
        if old is not None and old != new:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(old)
        return True

    @staticmethod
    @contextlib.contextmanager
    def _begun(path):
        """A path beside that of the object; what is left there is removed."""
        temporary = os.path.join(os.path.dirname(path), f"{OURS}{os.urandom(8).hex()}.tmp")
        try:
            yield temporary
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)

    def walk(self, prefix=""):
        """(key below the prefix, size) of all objects below it, in the order of their keys."""
        for name, entry in self._entries(prefix):
            if entry.is_dir(follow_symlinks=False):  # a link to a folder is not followed: it may lead around
                yield from ((f"{name}/{key}", size) for key, size in self.walk(_joined(prefix, name)))
            elif (size := self._size(entry, _joined(prefix, name))) is not None:
                yield name, size

    def list(self, prefix=""):
        """(name, size) of what stands right below a prefix; the size of a path that leads to objects is None."""
        for name, entry in self._entries(prefix):
            if entry.is_dir(follow_symlinks=False):
                if next(self.walk(_joined(prefix, name)), None) is not None:
                    yield name, None
            elif (size := self._size(entry, _joined(prefix, name))) is not None:
                yield name, size

    def _entries(self, prefix):
        path = os.path.join(self.root, checked(prefix)) if prefix else self.root
        self._inside(path, prefix)
        with errors_of(self.url(prefix)):
            try:
                with os.scandir(path) as found:
                    entries = [entry for entry in found if not entry.name.startswith(OURS)]
            except (FileNotFoundError, NotADirectoryError):
                return []
        # A folder sorts by its name and a slash, so that the keys of all come in the order of their bytes.
        named = [(e.name + "/" if e.is_dir(follow_symlinks=False) else e.name, e) for e in entries]
        return [(name.rstrip("/"), entry) for name, entry in sorted(named, key=lambda pair: os.fsencode(pair[0]))]

    def _size(self, entry, key):
        """The size of an object; None of what is no file, and of a link that leads out or nowhere."""
        try:
            found = self.find(key)[1] if entry.is_symlink() else entry.stat()
        except (MetaflowS3URLException, FileNotFoundError):  # a link out; or a file removed just now
            return None
        return found.st_size if found is not None and stat.S_ISREG(found.st_mode) else None

    def _inside(self, path, key):
        real = os.path.realpath(path)
        if real != self.root and not real.startswith(self.root.rstrip("/") + "/"):
            raise MetaflowS3URLException(
                f"The key {key!r} leads out of {self.root} by a link. Name the file that you mean by its own address."
            )
        return real


def _joined(prefix, name):
    return f"{prefix}/{name}" if prefix else name


@contextlib.contextmanager
def _clear_names(key):
    """Tells of a name that would be a file and a folder at once, which only object stores can have."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY):
            raise
        raise MetaflowS3Exception(
            f"The key {key!r} cannot be put: in a folder a name is an object or leads to objects, and cannot be both."
        ) from error
