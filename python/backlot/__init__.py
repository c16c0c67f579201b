"""Backlot: flows of versioned steps, on a laptop or a cluster."""

from backlot.flowspec import FlowSpec, step

__version__ = "0.1.0"

_LAZY = {
    "Parameter": "parameters",
    "JSONType": "parameters",
    "IncludeFile": "includefile",
    "Config": "config",
    "ConfigValue": "config",
    "config_expr": "config",
    "current": "current",
}
for _name in (
    "retry", "catch", "timeout", "environment", "resources", "batch", "kubernetes", "conda", "pypi", "secrets",
    "parallel", "pytorch_parallel", "card", "project", "exit_hook", "conda_base", "pypi_base", "schedule", "trigger",
    "trigger_on_finish", "airflow_external_task_sensor", "airflow_s3_key_sensor",
):  # fmt: skip
    _LAZY[_name] = "decorators"

__all__ = ["FlowSpec", "step", *_LAZY]


def __getattr__(name):
    if name in _LAZY:
        import importlib

        value = getattr(importlib.import_module(f"backlot.{_LAZY[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'backlot' has no attribute {name!r}")
