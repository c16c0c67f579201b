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
_CARD_PARTS = {**_CARDS, **{n: "backlot.cards" for n in (
    "UserComponent", "TitleComponent", "TextComponent", "SectionComponent", "TableComponent", "ImageComponent",
    "DagComponent", "ArtifactsComponent", "with_default_component_id", "render_safely",
)}}  # fmt: skip
_RUNNER = {n: "backlot.runner" for n in ("Runner", "ExecutingProcess", "ExecutingRun")}
_DECORATORS, _PLAIN = "backlot.decorators", "backlot.plain_names"

# A module stands for another whole module, or for some names, each from a module.
MODULES = {
    "exception": "backlot.exception",
    "client": _CLIENT,
    "client.core": _CLIENT,
    "cards": _CARDS,
    "metaflow_current": {"current": "backlot.current", "Current": "backlot.current", "Parallel": "backlot.current"},
    "flowspec": {"FlowSpec": "backlot.flowspec"},
    "decorators": {
        "step": "backlot.flowspec",
        "flow_decorators": f"{_DECORATORS}:of_flow",
        **{n: _DECORATORS for n in (
            "StepDecorator", "FlowDecorator", "Decorator", "UnknownStepDecoratorException", "BadStepDecoratorException",
            "BadFlowDecoratorException", "DuplicateStepDecoratorException", "DuplicateFlowDecoratorException",
        )},
    },
    "graph": {"FlowGraph": "backlot.graph"},
    "parameters": {n: "backlot.parameters" for n in ("Parameter", "JSONType", "JSONTypeClass")},
    "includefile": {"IncludeFile": "backlot.includefile", "IncludedFile": "backlot.client.metaflow_folder"},
    "multicore_utils": {
        n: "backlot.multicore" for n in ("parallel_map", "parallel_imap_unordered", "MulticoreException")
    },
    "metaflow_profile": {"profile": "backlot.profiling"},
    "metaflow_version": {"get_version": "backlot.about:version"},
    "util": "backlot.util",
    "metaflow_config": "backlot.metaflow_config",
    "metaflow_config_funcs": {
        n: "backlot.metaflow_conf" for n in ("from_conf", "config_values", "init_config", "get_validate_choice_fn")
    },
    "metadata_provider": {"MetaDatum": _PLAIN},
    "metadata_provider.metadata": {"MetaDatum": _PLAIN},
    "unbounded_foreach": {n: _PLAIN for n in ("UBF_CONTROL", "UBF_TASK", "CONTROL_TASK_TAG")},
    "R": {"use_r": _PLAIN},
    "debug": {"debug": "backlot.debug"},
    "cli": {n: "backlot.echo" for n in ("echo_always", "echo_dev_null", "logger")},
    "tuple_util": {"ForeachFrame": _PLAIN},
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
    "plugins.catch_decorator": {
        "FailureHandledByCatch": "backlot.exception", "CatchDecorator": f"{_DECORATORS}:Catch"
    },
    "plugins.timeout_decorator": {
        "TimeoutException": "backlot.exception",
        "TimeoutDecorator": f"{_DECORATORS}:Timeout",
        "get_run_time_limit_for_task": "backlot.decorator_facts",
    },
    "plugins.retry_decorator": {"RetryDecorator": f"{_DECORATORS}:Retry"},
    "plugins.environment_decorator": {"EnvironmentDecorator": f"{_DECORATORS}:Environment"},
    "plugins.resources_decorator": {"ResourcesDecorator": _DECORATORS},
    "plugins.project_decorator": {
        "ProjectDecorator": f"{_DECORATORS}:Project", "format_name": "backlot.decorator_facts"
    },
    "plugins.parallel_decorator": {"ParallelDecorator": f"{_DECORATORS}:Parallel", "UBF_CONTROL": _PLAIN},
    "plugins.aws.batch.batch_decorator": {"BatchDecorator": f"{_DECORATORS}:Batch"},
    "plugins.kubernetes.kubernetes_decorator": {"KubernetesDecorator": f"{_DECORATORS}:Kubernetes"},
    "plugins.pypi.conda_decorator": {
        "CondaStepDecorator": f"{_DECORATORS}:Conda", "CondaFlowDecorator": f"{_DECORATORS}:CondaBase"
    },
    "plugins.pypi.pypi_decorator": {
        "PyPIStepDecorator": f"{_DECORATORS}:Pypi", "PyPIFlowDecorator": f"{_DECORATORS}:PypiBase"
    },
    "plugins.pypi.parsers": "backlot.parsers",
    "plugins.aws.aws_utils": {"parse_s3_full_path": _PLAIN},
    "plugins.gcp.gs_utils": {"parse_gs_full_path": _PLAIN},
    "plugins.azure.azure_utils": {"parse_azure_full_path": _PLAIN},
    "plugins.cards": {},
    "plugins.cards.card_client": {"get_cards": "backlot.cards"},
    "plugins.cards.card_modules": {"MetaflowCard": "backlot.cards", "MetaflowCardComponent": "backlot.cards"},
    "plugins.cards.card_modules.card": {"MetaflowCard": "backlot.cards", "MetaflowCardComponent": "backlot.cards"},
    "plugins.cards.card_modules.components": _CARD_PARTS,
    "plugins.cards.card_modules.basic": _CARD_PARTS,
    "plugins.cards.card_decorator": {"CardDecorator": f"{_DECORATORS}:Card"},
    "plugins.cards.exception": "backlot.card_errors",
    "plugins.datatools": {"S3": "backlot.s3"},
    "plugins.datatools.s3": "backlot.s3",
    "plugins.datatools.s3.s3": "backlot.s3",
}


def has(module):
    """Whether there is a `metaflow.<module>` here."""
    from backlot import metaflow_absent

    found = (*MODULES, *metaflow_absent.MODULES)
    return module in found or any(other.startswith(module + ".") for other in found)


def find(module, name):
    """What `metaflow.<module>.<name>` is here. Raises AttributeError when there is none."""
    table = MODULES.get(module)
    place = table if isinstance(table, str) else (table or {}).get(name)
    if place is not None:
        import importlib

        holder, _, attribute = place.partition(":")
        try:
            return getattr(importlib.import_module(holder), attribute or name)
        except AttributeError:
            pass
    from backlot import absent, extensions, metaflow_absent

    refused = metaflow_absent.get(module, name)
    if refused is not None:
        return refused
    found = extensions.find(module, name)
    if found is None:
        raise absent.NoSuchName(module, name)
    return found[0]


def names(module):
    """What `from metaflow.<module> import *` gives."""
    table = MODULES.get(module, {})
    if not isinstance(table, str):
        return list(table)
    import importlib

    holder = importlib.import_module(table)
    return getattr(holder, "__all__", None) or [name for name in vars(holder) if not name.startswith("_")]
