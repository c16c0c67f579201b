"""Where what Metaflow calls `metaflow.<module>.<name>` is found here: for imports of the shim, and for old pickles."""

_CLIENT = {n: "backlot.client" for n in (
    "Metaflow", "Flow", "Run", "Step", "Task", "DataArtifact", "MetaflowData", "MetaflowCode", "MetaflowObject",
    "Metadata", "namespace", "get_namespace", "default_namespace", "metadata", "get_metadata", "default_metadata",
)}  # fmt: skip
_CARDS = {n: "backlot.cards" for n in (
    "Artifact", "Table", "Image", "Error", "Markdown", "VegaChart", "ProgressBar", "ValueBox", "PythonCode",
    "EventsTimeline", "JSONViewer", "YAMLViewer", "PageComponent", "MetaflowCardComponent", "MetaflowCard",
    "DefaultCard", "ErrorCard", "BlankCard", "get_cards",
)}  # fmt: skip
_RUNNER = {n: "backlot.runner" for n in ("Runner", "ExecutingProcess", "ExecutingRun")}
_DECORATORS = "backlot.decorators"

# A module stands for another whole module, or for some names, each from a module.
MODULES = {
    "exception": "backlot.exception",
    "client": _CLIENT,
    "client.core": _CLIENT,
    "cards": _CARDS,
    "metaflow_current": {"current": "backlot.current", "Current": "backlot.current", "Parallel": "backlot.current"},
    "flowspec": {"FlowSpec": "backlot.flowspec"},
    "decorators": {"step": "backlot.flowspec", "StepDecorator": _DECORATORS, "FlowDecorator": _DECORATORS},
    "graph": {"FlowGraph": "backlot.graph"},
    "parameters": {n: "backlot.parameters" for n in ("Parameter", "JSONType", "JSONTypeClass")},
    "includefile": {"IncludeFile": "backlot.includefile", "IncludedFile": "backlot.client.metaflow_folder"},
    "multicore_utils": {
        n: "backlot.multicore" for n in ("parallel_map", "parallel_imap_unordered", "MulticoreException")
    },
    "metaflow_profile": {"profile": "backlot.profiling"},
    "metaflow_version": {"get_version": "backlot.about:version"},
    "util": {"get_username": "backlot.identity:username", "resolve_identity": "backlot.about:own_namespace"},
    "tuple_util": {"ForeachFrame": "backlot.client.notes"},
    "runner": {},
    "runner.metaflow_runner": _RUNNER,
    "runner.nbrun": {"NBRunner": "backlot.runner", "NBRunnerInitializationError": "backlot.runner"},
    "runner.deployer": {"Deployer": "backlot.absent", "DeployedFlow": "backlot.absent"},
    "user_configs": {},
    "user_configs.config_parameters": {n: "backlot.config" for n in ("Config", "ConfigValue", "config_expr")},
    "user_decorators": {},
    "user_decorators.user_step_decorator": "backlot.user_decorators.step_decorators",
    "user_decorators.user_flow_decorator": "backlot.user_decorators.flow_mutators",
    "user_decorators.mutable_step": "backlot.user_decorators.mutable",
    "user_decorators.mutable_flow": "backlot.user_decorators.mutable",
    "plugins": {},
    "plugins.catch_decorator": {"FailureHandledByCatch": "backlot.exception"},
    "plugins.timeout_decorator": {"TimeoutException": "backlot.exception"},
    "plugins.retry_decorator": {},
    "plugins.cards": {},
    "plugins.cards.card_client": {"get_cards": "backlot.cards"},
    "plugins.cards.card_modules": {"MetaflowCard": "backlot.cards", "MetaflowCardComponent": "backlot.cards"},
    "plugins.cards.card_modules.card": {"MetaflowCard": "backlot.cards", "MetaflowCardComponent": "backlot.cards"},
    "plugins.cards.card_modules.components": _CARDS,
    "plugins.cards.card_modules.basic": _CARDS,
    "plugins.datatools": {"S3": "backlot.s3"},
    "plugins.datatools.s3": "backlot.s3",
    "plugins.datatools.s3.s3": "backlot.s3",
}


def find(module, name):
    """What `metaflow.<module>.<name>` is here. Raises AttributeError when there is none."""
    table = MODULES.get(module)
    place = table if isinstance(table, str) else (table or {}).get(name)
    if place is None:
        raise AttributeError(f"module 'metaflow.{module}' has no attribute {name!r} in Backlot")
    import importlib

    holder, _, attribute = place.partition(":")
    return getattr(importlib.import_module(holder), attribute or name)


def names(module):
    """What `from metaflow.<module> import *` gives."""
    table = MODULES[module]
    if not isinstance(table, str):
        return list(table)
    import importlib

    return [name for name in vars(importlib.import_module(table)) if not name.startswith("_")]
