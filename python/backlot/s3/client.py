"""`S3`: reads and writes objects by their keys."""

import io
import json
import os
import shutil
import tempfile
import threading

from backlot.current import current
from backlot.s3 import object_notes
from backlot.s3.errors import (
    MetaflowS3Exception,
    MetaflowS3InvalidObject,
    MetaflowS3InvalidRange,
    MetaflowS3NotFound,
    MetaflowS3URLException,
    NoObjectStore,
    errors_of,
)
from backlot.s3.folder import Folder, checked, path_of_address
from backlot.s3.objects import RangeInfo, S3GetObject, S3Object, S3PutObject


class S3:
    """Objects in a folder: of `s3root` (a folder or file://…), of a run, or by their whole addresses.

    `with S3(…) as s3:` removes at its end what was copied from the folder to be read.
    """

    def __init__(self, tmproot=None, bucket=None, prefix=None, run=None, s3root=None, encryption=None, **kwargs):
        unknown = sorted(set(kwargs) - {"role", "session_vars", "client_params"})  # how to reach S3: not used here
        if unknown:
            raise TypeError(f"S3() takes no argument {', '.join(unknown)}")
        if encryption is not None:
            raise MetaflowS3Exception("S3(encryption=…): a folder is not encrypted. Leave it out.")
        if bucket is not None:
            raise NoObjectStore(f"S3(bucket={bucket!r})")
        if run is None and prefix is not None:
            raise MetaflowS3URLException("S3(prefix=…) goes with run=…; else give the whole folder as s3root=….")
        if run is not None:
            from backlot.s3.run_folder import folder_of_run

            self._folder = Folder(folder_of_run(run, prefix))
        else:
            self._folder = Folder(_root(s3root)) if s3root is not None else None
        self._tmproot, self._tmp, self._making = tmproot, None, threading.Lock()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        """Removes the files that objects were copied to."""
        if self._tmp is not None:
            shutil.rmtree(self._tmp, ignore_errors=True)
            self._tmp = None

    # --- reading -----------------------------------------------------------------------------------------------------

    def get(self, key=None, return_missing=False, return_info=True):
        """The object of a key, copied to a file of one's own. Raises MetaflowS3NotFound where there is none."""
        wanted = key if isinstance(key, S3GetObject) else S3GetObject(key)
        folder, name = self._place(wanted.key)
        path, found = folder.find(name)
        if found is None:
            return self._missing(folder, name, return_missing)
        with errors_of(folder.url(name)):
            copy, part = self._copy(path, wanted, folder.url(name))
        info = self._info(path) if return_info else None
        size = part.request_length
        return self._object(folder, name, path=copy, size=size, info=info, range_info=part if return_info else None)

    def get_many(self, keys, return_missing=False, return_info=True):
        """A list of what `get` gives of each key."""
        return [self.get(key, return_missing, return_info) for key in _several(keys)]

    def get_recursive(self, keys, return_info=False):
        """All objects below each of the prefixes, copied. Their keys are relative to the prefix."""
        return [self._fetched(folder, prefix, key, return_info) for folder, prefix, key, _ in self._below(keys)]

    def get_all(self, return_info=False):
        """All objects below the root of this S3."""
        if self._folder is None:
            raise MetaflowS3URLException("get_all() needs a root. Make the S3 with run=self or s3root='FOLDER'.")
        return self.get_recursive(None, return_info)

    def info(self, key=None, return_missing=False):
        """What is known of an object, without its bytes."""
        folder, name = self._place(key)
        path, found = folder.find(name)
        if found is None:
            return self._missing(folder, name, return_missing)
        return self._object(folder, name, size=found.st_size, info=self._info(path))

    def info_many(self, keys, return_missing=False):
        """A list of what `info` gives of each key."""
        return [self.info(key, return_missing) for key in _several(keys)]

    def list_paths(self, keys=None):
        """What stands right below each prefix: objects, and paths that lead to more, of which `exists` is False."""
        listed = []
        for folder, prefix in self._prefixes(keys):
            under = folder.url(prefix).rstrip("/") + "/"
            for name, size in folder.list(prefix):
                url = folder.url(os.path.join(prefix, name)) + ("/" if size is None else "")
                listed.append(S3Object(url, key=name, prefix=under, size=size))
        return listed

    def list_recursive(self, keys=None):
        """All objects below each prefix, without their bytes."""
        return [
            S3Object(folder.url(os.path.join(prefix, key)), key=key, prefix=folder.url(prefix).rstrip("/"), size=size)
            for folder, prefix, key, size in self._below(keys)
        ]

    # --- writing -----------------------------------------------------------------------------------------------------

    def put(self, key, obj, overwrite=True, content_type=None, metadata=None):
        """Writes text, bytes or an open binary file as an object. Returns its address.

        With overwrite=False an object that is there is left as it is.
        """
        return self._put(key, _writer(key, obj), overwrite, content_type, metadata)[0]

    def put_many(self, key_objs, overwrite=True):
        """`put` of (key, value) pairs or S3PutObjects. Returns (key, address) of those that were written."""
        wanted = [_to_put(item, "value") for item in key_objs]
        return self._put_all([(item, _writer(item.key, item.value)) for item in wanted], overwrite)

    def put_files(self, key_paths, overwrite=True):
        """The same of (key, path of a file) pairs."""
        wanted = [_to_put(item, "path") for item in key_paths]
        for item in wanted:
            if not os.path.isfile(item.path):
                raise MetaflowS3NotFound(f"Local file not found: {item.path}")
        return self._put_all([(item, _file_writer(item.path)) for item in wanted], overwrite)

    def _put_all(self, wanted, overwrite):
        for item, _ in wanted:  # before the first one is written
            self._place(item.key)
            if item.encryption is not None:
                raise MetaflowS3Exception(f"{item.key}: a folder is not encrypted. Leave encryption out.")
        sent = []
        for item, fill in wanted:
            url, written = self._put(item.key, fill, overwrite, item.content_type, item.metadata)
            if written:
                sent.append((item.key, url))
        return sent

    def _put(self, key, fill, overwrite, content_type, metadata):
        folder, name = self._place(key)
        said = {k: v for k, v in (("content_type", content_type), ("metadata", metadata)) if v is not None}
        try:
            json.dumps(said)
        except (TypeError, ValueError) as error:
            raise MetaflowS3InvalidObject(f"{key}: what is said about an object must be text: {error}.") from error
        return folder.url(name), folder.write(name, fill, said, overwrite)

    # --- keys and places ---------------------------------------------------------------------------------------------

    def _place(self, key):
        """The folder and the key in it."""
        if self._folder is None:
            if key is None:
                raise MetaflowS3URLException("Give the address of an object, or make the S3 with s3root or run.")
            return Folder("/"), _below_root(path_of_address(_text(key)))
        if key is None:
            raise MetaflowS3URLException(f"{self._folder.root} is a folder and no object. Give a key.")
        if "://" in _text(key):
            raise MetaflowS3URLException(
                f"{key}: this S3 has a root, {self._folder.url()}, below which keys are. For whole addresses use S3()."
            )
        return self._folder, checked(key)

    def _prefixes(self, keys):
        if keys is None:
            if self._folder is None:
                raise MetaflowS3URLException("Give prefixes to list, or make the S3 with s3root or run.")
            return [(self._folder, "")]
        if self._folder is not None:
            return [(self._folder, "") if key == "" else self._place(_text(key).rstrip("/")) for key in _several(keys)]
        places = []
        for key in _several(keys):
            path = path_of_address(_text(key)).rstrip("/")
            places.append((Folder("/"), _below_root(path) if path else ""))
        return places

    def _below(self, keys):
        for folder, prefix in self._prefixes(keys):
            for key, size in folder.walk(prefix):
                yield folder, prefix, key, size

    # --- objects -----------------------------------------------------------------------------------------------------

    def _object(self, folder, name, **known):
        if self._folder is None:
            return S3Object(folder.url(name), **known)
        return S3Object(folder.url(name), key=name, prefix=folder.url().rstrip("/"), **known)

    def _fetched(self, folder, prefix, key, return_info):
        whole = os.path.join(prefix, key)
        path, found = folder.find(whole)
        url = folder.url(whole)
        if found is None:
            raise MetaflowS3NotFound(url)
        with errors_of(url):
            copy, part = self._copy(path, S3GetObject(whole), url)
        known = dict(path=copy, size=part.request_length, info=self._info(path) if return_info else None)
        return S3Object(
            url, key=key, prefix=folder.url(prefix).rstrip("/"), range_info=part if return_info else None, **known
        )

    def _missing(self, folder, name, return_missing):
        if not return_missing:
            raise MetaflowS3NotFound(folder.url(name))
        return self._object(folder, name)

    @staticmethod
    def _info(path):
        return {"last_modified": os.stat(path).st_mtime, **object_notes.read(path)}

    def _copy(self, path, wanted, url):
        """Copies the part that is wanted, so that whoever reads it can change it. Returns where to, and which part."""
        with self._making:
            if self._tmp is None:
                self._tmp = _temporary_folder(self._tmproot)
        with open(path, "rb") as source:
            part = _part(os.fstat(source.fileno()).st_size, wanted, url)
            source.seek(part.request_offset)
            number, copy = tempfile.mkstemp(prefix="object.", dir=self._tmp)
            with open(number, "wb") as target:
                if wanted.offset is None and wanted.length is None:
                    shutil.copyfileobj(source, target, 1 << 20)
                    part = RangeInfo(target.tell(), 0, target.tell())
                else:
                    _copy_bytes(source, target, part.request_length)
        return copy, part


def _root(s3root):
    root = os.fspath(s3root)
    if not isinstance(root, str) or not root:
        raise MetaflowS3URLException("s3root is a folder, or file:// and the absolute path of one.")
    return path_of_address(root) if "://" in root else os.path.abspath(root)


def _text(key):
    if not isinstance(key, str):
        raise MetaflowS3URLException(f"A key is a text, not {key!r}.")
    return key


def _several(keys):
    if isinstance(keys, (str, bytes)):
        raise MetaflowS3URLException(f"Give a list of keys, as [{keys!r}].")
    return keys


def _below_root(path):
    return checked(path.lstrip("/"))


def _part(total, wanted, url):
    offset = wanted.offset or 0
    if offset < 0:
        offset = max(0, total + offset)
    if offset > total or (offset == total and total and wanted.offset):
        raise MetaflowS3InvalidRange(f"{url} has {total} bytes: there are none from {wanted.offset} on.")
    rest = total - offset
    length = rest if wanted.length is None or wanted.length < 0 else min(rest, wanted.length)
    return RangeInfo(total, offset, length)


def _copy_bytes(source, target, count):
    while count > 0:
        block = source.read(min(count, 1 << 20))
        if not block:
            return
        target.write(block)
        count -= len(block)


def _temporary_folder(tmproot):
    # In a task its own folder, which the engine removes even when the task is killed.
    root = tmproot if tmproot is not None else current.tempdir
    return tempfile.mkdtemp(prefix="metaflow.s3.", dir=root)


def _to_put(item, what):
    if isinstance(item, S3PutObject):
        return item
    key, given = item
    return S3PutObject(key=key, **{what: given})


def _writer(key, obj):
    if isinstance(obj, str):
        obj = obj.encode("utf-8")
    if isinstance(obj, (bytes, bytearray, memoryview)):
        return lambda file: file.write(obj)
    if isinstance(obj, (io.RawIOBase, io.BufferedIOBase)) and obj.readable():
        return lambda file: shutil.copyfileobj(obj, file, 1 << 20)
    raise MetaflowS3InvalidObject(
        f"The object of the key {key!r} is {type(obj).__name__}. Put text, bytes or a file that is open for bytes; "
        "turn other values into bytes first, as with pickle.dumps or json.dumps."
    )


def _file_writer(path):
    def fill(file):
        with open(path, "rb") as source:
            shutil.copyfileobj(source, file, 1 << 20)

    return fill
