"""Where the objects of a run are: S3(run=self)."""

import os

from backlot import _core
from backlot.current import current
from backlot.flowspec import FlowSpec
from backlot.s3.errors import MetaflowS3URLException
from backlot.s3.folder import checked, path_of_address


def folder_of_run(run, prefix=None):
    """FOLDER/Flow/run id: of the running task for a flow, of a run that the client has read for another."""
    if isinstance(run, FlowSpec):
        if not current.is_running_flow:
            raise MetaflowS3URLException("S3(run=self) needs a running task. Outside of one give a Run of the client.")
        flow, run_id = current.flow_name, current.run_id
    else:
        from backlot.client import Run

        if not isinstance(run, Run):
            raise MetaflowS3URLException(f"S3(run=…) takes a flow's self or a Run of the client, not {run!r}.")
        flow, run_id = run.pathspec.split("/")
    return os.path.join(data_folder(), *([checked(prefix.strip("/"))] if prefix else []), flow, run_id)


def data_folder():
    """METAFLOW_DATATOOLS_S3ROOT when it names a folder, else `data` in the home of runs."""
    chosen = os.environ.get("METAFLOW_DATATOOLS_S3ROOT")
    if not chosen:
        return os.path.join(_core.find_home(), "data")
    return path_of_address(chosen) if "://" in chosen else os.path.abspath(chosen)
