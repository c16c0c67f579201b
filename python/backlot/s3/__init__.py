"""`S3`: objects by their keys, as Metaflow has them, in a folder of this machine."""

from backlot.s3.client import S3
from backlot.s3.errors import (
    MetaflowS3AccessDenied,
    MetaflowS3Exception,
    MetaflowS3InsufficientDiskSpace,
    MetaflowS3InvalidObject,
    MetaflowS3InvalidRange,
    MetaflowS3NotFound,
    MetaflowS3URLException,
    NoObjectStore,
)
from backlot.s3.objects import RangeInfo, S3GetObject, S3Object, S3PutObject

__all__ = [
    "S3", "S3Object", "S3GetObject", "S3PutObject", "RangeInfo", "MetaflowS3Exception", "MetaflowS3NotFound",
    "MetaflowS3AccessDenied", "MetaflowS3InsufficientDiskSpace", "MetaflowS3InvalidObject", "MetaflowS3InvalidRange",
    "MetaflowS3URLException", "NoObjectStore",
]  # fmt: skip
