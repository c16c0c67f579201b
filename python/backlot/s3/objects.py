"""What `S3` takes and gives: an object, and what is said about one to read or to write."""

import collections

S3GetObject = collections.namedtuple("S3GetObject", "key offset length", defaults=(None, None))
S3GetObject.__doc__ = """An object of which only a part is read: `length` bytes from `offset` on.

A negative offset counts from the end; without a length, or with a negative one, the rest is read."""

S3PutObject = collections.namedtuple(
    "S3PutObject", "key value path content_type encryption metadata", defaults=(None, None, None, None, None)
)
S3PutObject.__doc__ = "An object to write, from a value or from the file at `path`."

RangeInfo = collections.namedtuple("RangeInfo", "total_size request_offset request_length", defaults=(0, -1))
RangeInfo.__doc__ = "Which part of an object was read, and how large all of it is."

_DEFAULT_TYPE = "binary/octet-stream"


class S3Object:
    """An object, or a path that leads to objects, and what is known of it."""

    def __init__(self, url, key=None, prefix=None, path=None, size=None, info=None, range_info=None):
        """`info`: None when it is not known, else a dictionary with content_type, metadata and last_modified."""
        self._url, self._key, self._prefix, self._path = url, key or url, prefix, path
        self._size, self._info, self._range_info = size, info, range_info

    @property
    def exists(self):
        """Whether there is an object at this address."""
        return self._size is not None

    @property
    def downloaded(self):
        """Whether its bytes can be read from `path`."""
        return self._path is not None

    @property
    def url(self):
        """Its address."""
        return self._url

    @property
    def prefix(self):
        """What was asked for, of which this is a part; None when it was asked for by its address."""
        return self._prefix

    @property
    def key(self):
        """Its address without the prefix; all of it when there is none."""
        return self._key

    @property
    def path(self):
        """The file that it was copied to; it is removed with the S3 that it comes from."""
        return self._path

    @property
    def blob(self):
        """Its bytes; None when it was not read."""
        if self._path is None:
            return None
        with open(self._path, "rb") as file:
            return file.read()

    @property
    def text(self):
        """Its bytes as UTF-8."""
        blob = self.blob
        return None if blob is None else blob.decode("utf-8", errors="replace")

    @property
    def size(self):
        """Its size in bytes, or that of the part that was read."""
        return self._size

    @property
    def has_info(self):
        """Whether content type, metadata and time are known."""
        return self._info is not None

    @property
    def metadata(self):
        """What was said about it in `put`."""
        return self._info.get("metadata") if self._info is not None else None

    @property
    def content_type(self):
        """Its type as it was given in `put`."""
        return self._info.get("content_type", _DEFAULT_TYPE) if self._info is not None else None

    @property
    def encryption(self):
        """None: folders do not encrypt."""
        return None

    @property
    def last_modified(self):
        """When it was written, in seconds since 1970."""
        return self._info["last_modified"] if self._info is not None else None

    @property
    def range_info(self):
        """Which part of it was read."""
        return self._range_info

    def __str__(self):
        if not self.exists:
            return f"<S3Object {self.url} (object does not exist)>"
        return f"<S3Object {self.url} ({self._size} bytes, {'local' if self.downloaded else 'in its folder'})>"

    __repr__ = __str__
