"""Reading back what ran: flows, runs, steps, tasks, artifacts, as Metaflow's client."""

from backlot.client.base import MetaflowObject
from backlot.client.code import MetaflowCode
from backlot.client.archives import (
    close,
    default_metadata,
    default_namespace,
    get_metadata,
    get_namespace,
    metadata,
    namespace,
)
from backlot.client.runs import Flow, Metaflow, Run, Step
from backlot.client.tasks import DataArtifact, Metadata, MetaflowData, Task

__all__ = [
    "DataArtifact", "Flow", "Metadata", "Metaflow", "MetaflowCode", "MetaflowData", "MetaflowObject", "Run", "Step",
    "Task", "close", "default_metadata", "default_namespace", "get_metadata", "get_namespace", "metadata", "namespace",
]  # fmt: skip
