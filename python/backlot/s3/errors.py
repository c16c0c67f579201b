"""What can go wrong with objects, under the names that Metaflow gave it."""

import contextlib
import errno

from backlot.absent import NotInBacklot
from backlot.exception import MetaflowException


class MetaflowS3Exception(MetaflowException):
    headline = "S3 access failed"


class MetaflowS3InvalidObject(MetaflowException):
    headline = "Not a string-like object"


class MetaflowS3URLException(MetaflowException):
    headline = "Invalid address"


class MetaflowS3NotFound(MetaflowException):
    headline = "S3 object not found"


class MetaflowS3AccessDenied(MetaflowException):
    headline = "S3 access denied"


class MetaflowS3InvalidRange(MetaflowException):
    headline = "S3 invalid range"


class MetaflowS3InsufficientDiskSpace(MetaflowException):
    headline = "Insufficient disk space"


class NoObjectStore(NotInBacklot, MetaflowS3URLException):
    """An address of an object store: Backlot has none yet."""

    def __init__(self, address):
        super().__init__(
            f"{address}: Backlot has no object stores yet. Use a folder, as S3(s3root='FOLDER') or "
            "S3(s3root='file:///FOLDER'), or read and write objects with boto3 or another client of S3."
        )


_KINDS = {
    errno.EACCES: MetaflowS3AccessDenied,
    errno.EPERM: MetaflowS3AccessDenied,
    errno.EROFS: MetaflowS3AccessDenied,
    errno.ENOSPC: MetaflowS3InsufficientDiskSpace,
    errno.EDQUOT: MetaflowS3InsufficientDiskSpace,
}


@contextlib.contextmanager
def errors_of(url):
    """Makes what the system refuses an error of the object at this address."""
    try:
        yield
    except OSError as error:
        raise _KINDS.get(error.errno, MetaflowS3Exception)(f"{url}: {error.strerror or error}") from error
