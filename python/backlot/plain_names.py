"""Constants, and kinds with no more to them than their fields, that public code takes from Metaflow."""

import collections

from backlot.exception import MetaflowException

MetaDatum = collections.namedtuple("MetaDatum", "field value type tags")
ForeachFrame = collections.namedtuple("ForeachFrame", "step var num_splits index value")

# A step with num_parallel is one task that controls and others that do as it says.
UBF_CONTROL = "ubf_control"
UBF_TASK = "ubf_task"
CONTROL_TASK_TAG = "control_task"


def use_r():
    """Whether the flow is written in R: never, Backlot runs no flows in R."""
    return False


def _parts(address, scheme):
    found, _, rest = address.partition("://")
    bucket, _, path = rest.partition("/")
    if found != scheme or not bucket:
        raise MetaflowException(f"{address!r} is no address of this kind: write {scheme}://BUCKET/PATH.")
    return bucket, path.rstrip("/") or None


def parse_s3_full_path(s3_uri):
    """(bucket, path) of s3://bucket/path; None for a path that is not there."""
    return _parts(s3_uri, "s3")


def parse_gs_full_path(gs_uri):
    """(bucket, path) of gs://bucket/path; None for a path that is not there."""
    return _parts(gs_uri, "gs")


def parse_azure_full_path(blob_full_uri):
    """(container, path) of container/path; None for a path that is not there."""
    container, _, path = blob_full_uri.partition("/")
    if not container or path.endswith("/"):
        raise MetaflowException(f"{blob_full_uri!r} is no address of this kind: write CONTAINER/PATH.")
    return container, path or None
