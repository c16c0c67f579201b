"""Backlot: flows of versioned steps, on a laptop or a cluster."""

import os

from backlot import randomness
from backlot.current import current
from backlot.flowspec import FlowSpec, step

randomness.install()

# Packages of plugins (docs/formats/domain.md).
__path__.extend(f"{at}/python/backlot" for at in os.environ.get("BACKLOT_PLUGINS", "").split(":") if at.startswith("/"))


def _command_line(flow, initial):
    """What a flow's class does when it is called; imported then, for who only reads runs back needs none of it."""
    from backlot import cli

    return cli.main(flow, initial)


FlowSpec._command_line = staticmethod(_command_line)

# The other names of the public surface, by the module that has them: imported when they are first used, for a task
# starts with importing this package.
_MODULES = {
    "_core": ("File", "Folder"),
    "parameters": ("Parameter", "JSONType"),
    "includefile": ("IncludeFile",),
    "config": ("Config", "ConfigValue", "config_expr"),
    "parsers": ("yaml_parser", "requirements_txt_parser", "pyproject_toml_parser", "conda_environment_yml_parser"),
    "decorators": (
        "retry", "catch", "timeout", "environment", "resources", "batch", "kubernetes", "conda", "pypi", "secrets",
        "parallel", "pytorch_parallel", "card", "project", "exit_hook", "conda_base", "pypi_base", "schedule",
        "trigger", "trigger_on_finish", "airflow_external_task_sensor", "airflow_s3_key_sensor",
    ),
    "client": (
        "Metaflow", "Flow", "Run", "Step", "Task", "DataArtifact", "namespace", "get_namespace", "default_namespace",
        "metadata", "get_metadata", "default_metadata",
    ),
    "runner": ("Runner", "NBRunner"),
    "multicore": ("parallel_map", "parallel_imap_unordered"),
    "absent": ("Deployer", "NBDeployer", "DeployedFlow"),
    "user_decorators.step_decorators": ("user_step_decorator", "UserStepDecorator", "StepMutator", "USER_SKIP_STEP"),
    "user_decorators.flow_mutators": ("FlowMutator",),
    "profiling": ("profile",),
    "s3": ("S3",),
}  # fmt: skip
_LAZY = {name: module for module, names in _MODULES.items() for name in names}

__all__ = ["FlowSpec", "step", "current", *_LAZY]
_LAZY["__version__"] = "about"


def __getattr__(name):
    if name in _LAZY:
        import importlib

        value = getattr(importlib.import_module(f"backlot.{_LAZY[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'backlot' has no attribute {name!r}")
