"""Names of Metaflow that public code imports and Backlot has nothing for, by the reason. They can be imported, so that
the rest of the code that imports them works; who uses one is told the reason. docs/from-metaflow.md has the same list.
"""

from backlot.absent import NotInBacklot
from backlot.exception import MetaflowException

_LOGS = "The engine keeps what tasks write to standard output and error: there is nothing to save or to follow."
_PACKAGES = "Tasks run on this machine, where the code is: no package of it is made."
_STORES = "Runs are kept in Backlot's own store: read them with Flow, Run and Task, and objects with S3."
_METADATA = "Runs are noted in Backlot's own catalog: read them with Flow, Run and Task."
_DEPLOY = "Backlot has no production schedulers to deploy to: use Runner, or `backlot run`."
_PLATFORMS = "Tasks run on this machine, not on a cluster."
_EXITS = "What a process ends with does not say whether it is tried again: @retry does."
_ENVIRONMENTS = "No environment is made: the packages of this Python are used."
_OBJECTS = "There are no object stores yet: S3 works on a folder."
_GANGS = "Gangs of tasks are not made yet: num_parallel is refused."
_SECRETS = "No secrets are fetched: set their environment variables yourself."
_CARDS = "Cards are not drawn by Backlot yet."
_INSIDE = "This is the inside of Metaflow. Backlot's own is not open to extensions: write decorators of your own instead."
_TRACES = "Backlot writes no traces and starts no sidecars."

# Those with an @ decorate functions: the function is there, and refuses when it is called.
_GROUPS = {
    _LOGS: {
        "mflog": "BASH_MFLOG BASH_SAVE_LOGS TASK_LOG_SOURCE bash_capture_logs export_mflog_env_vars get_log_tailer "
        "tail_logs",
        "mflog.mflog": "decorate parse",
    },
    _PACKAGES: {
        "package": "DEFAULT_SUFFIXES_LIST MetaflowPackage",
        "packaging_sys": "ContentType MFCONTENT_MARKER MetaflowCodeContent MetaflowCodeContentV1Base",
    },
    _STORES: {
        "client.filecache": "FileCache",
        "datastore": "FlowDataStore",
        "datastore.artifacts": "",
        "datastore.content_addressed_store": "ContentAddressedStore",
        "datastore.datastore_storage": "CloseAfterUse DataStoreStorage",
        "datastore.flow_datastore": "FlowDataStore",
        "datastore.task_datastore": "TaskDataStore",
        "plugins": "DATASTORES",
        "plugins.datastores.azure_storage": "AzureStorage _AzureRootClient",
        "plugins.datastores.gs_storage": "as_completed @handle_executor_exceptions",
        "plugins.datastores.local_storage": "LocalStorage",
        "plugins.datastores.s3_storage": "ARTIFACT_LOCALROOT CloseAfterUse S3 S3Storage",
        "plugins.storage_executor": "StorageExecutor @handle_executor_exceptions",
    },
    _METADATA: {
        "metadata_provider": "MetadataProvider",
        "metadata_provider.metadata": "MetadataProvider",
        "metadata_provider.util": "sync_local_metadata_from_datastore sync_local_metadata_to_datastore",
        "plugins": "METADATA_PROVIDERS",
        "plugins.metadata_providers.local": "LocalMetadataProvider",
        "tagging_util": "validate_tag validate_tags",
    },
    _DEPLOY: {
        "parameters": "add_custom_parameters deploy_time_eval",
        "plugins": "DEPLOYER_IMPL_PROVIDERS",
        "plugins.argo.argo_events": "ArgoEvent",
        "plugins.aws.step_functions.production_token": "load_token new_token store_token",
        "runner.click_api": "MetaflowAPI extract_all_params",
        "runner.deployer": "TriggeredRun",
        "runner.deployer_impl": "DeployerImpl",
        "runner.subprocess_manager": "CommandManager SubprocessManager",
        "runner.utils": "get_lower_level_group handle_timeout make_process_error_message temporary_fifo",
        "runtime": "CLIArgs",
    },
    _EXITS: {
        "exception": "METAFLOW_EXIT_ALLOW_RETRY METAFLOW_EXIT_DISALLOW_RETRY",
    },
    _PLATFORMS: {
        "plugins.aws.aws_utils": "compute_resource_attributes get_docker_registry",
        "plugins.kubernetes.kube_utils": "qos_requests_and_limits",
        "plugins.kubernetes.kubernetes_job": "KubernetesJob KubernetesJobSet",
    },
    _ENVIRONMENTS: {
        "metaflow_config": "get_pinned_conda_libs",
        "metaflow_environment": "InvalidEnvironmentException MetaflowEnvironment",
        "plugins": "ENVIRONMENTS",
        "plugins.env_escape": "ENV_ESCAPE_PY generate_trampolines",
        "plugins.pypi.anaconda_environment": "AnacondaEnvironment",
        "plugins.pypi.conda_environment": "CondaEnvironment",
    },
    _OBJECTS: {
        "": "get_aws_client",
        "plugins.aws.aws_client": "get_aws_client",
        "plugins.azure.blob_service_client_factory": "get_azure_blob_service_client",
        "plugins.datatools.s3.s3": "S3Client @check_s3_deps",
        "plugins.gcp.gs_storage_client_factory": "get_gs_storage_client",
    },
    _GANGS: {
        "plugins.parallel_decorator": "_local_multinode_control_task_step_func",
    },
    _SECRETS: {
        "plugins.secrets": "SecretsProvider",
        "plugins.secrets.secrets_decorator": "get_secrets_backend_provider",
    },
    _CARDS: {
        "plugins.cards.card_datastore": "CardDatastore",
        "plugins.cards.component_serializer": "CardComponentCollector",
        "plugins.cards.card_modules.basic": "TaskToDict read_file",
        "plugins.cards.card_modules.components": "TaskToDict",
    },
    _INSIDE: {
        "": "inspect_spin",
        "decorators": "_attach_decorators_to_step extract_step_decorator_from_decospec",
        "extension_support": "dump_module_info get_extensions_in_dir update_package_info",
        "extension_support.plugins": "merge_lists process_plugins resolve_plugins",
        "flowspec": "FlowStateItems INTERNAL_ARTIFACTS_SET",
        "includefile": "FilePathClass",
        "metaflow_git": "_call_git get_repository_info",
        "system_context": "system_context",
    },
    _TRACES: {
        "sidecar": "Sidecar",
        "system": "_system_logger _system_monitor",
    },
}

MODULES: dict = {}
_decorators = set()
for _reason, _modules in _GROUPS.items():
    for _module, _names in _modules.items():
        for _name in _names.split():
            MODULES.setdefault(_module, {})[_name.lstrip("@")] = _reason
            if _name.startswith("@"):
                _decorators.add((_module, _name[1:]))
        MODULES.setdefault(_module, {})


class _Refusing(type):
    """Of the class that stands for a name: whatever is done with it but deriving from it is refused."""

    def _refuse(cls, *args, **kwargs):
        raise NotInBacklot(f"{cls.__qualname__} is not available in Backlot. {cls.__doc__}")

    __call__ = __str__ = __format__ = __iter__ = __len__ = __getitem__ = __contains__ = __add__ = __radd__ = _refuse
    __index__ = __int__ = __fspath__ = _refuse

    def __getattr__(cls, name):
        if name.startswith("__"):  # Python itself asks for these
            raise AttributeError(name)
        cls._refuse()


class _RefusingDecorator(_Refusing):
    def __call__(cls, function):
        return lambda *args, **kwargs: cls._refuse()


_made: dict = {}


def get(module, name):
    """What stands for a name that Backlot has not; None when the name is not in the list."""
    if name not in MODULES.get(module, {}):
        return None
    if (module, name) not in _made:
        _made[module, name] = _stand_in(module, name, MODULES[module][name])
    return _made[module, name]


def _stand_in(module, name, reason):
    body = {"__doc__": reason, "__module__": __name__}
    if name.endswith("Exception"):  # so that `except` takes it; it is never raised
        return type(name, (MetaflowException,), body)
    whole = f"metaflow.{module}.{name}" if module else f"metaflow.{name}"
    kind = _RefusingDecorator if (module, name) in _decorators else _Refusing
    return kind(name, (), {**body, "__qualname__": whole})
