"""`metaflow.metaflow_config`: settings by name, as METAFLOW_<name> sets them; what Metaflow takes when it does not.

They are told to code that asks. Backlot itself keeps runs in its own home, whatever they say.
"""

from backlot.metaflow_conf import from_conf, get_validate_choice_fn

_DEFAULTS: dict = {
    "DEFAULT_DATASTORE": "local",
    "DEFAULT_METADATA": "local",
    "DEFAULT_ENVIRONMENT": "local",
    "DEFAULT_EVENT_LOGGER": "nullSidecarLogger",
    "DEFAULT_MONITOR": "nullSidecarMonitor",
    "DEFAULT_AWS_CLIENT_PROVIDER": "boto3",
    "DEFAULT_SECRETS_BACKEND_TYPE": None,
    "DEFAULT_PACKAGE_SUFFIXES": ".py,.R,.RDS",
    "DEFAULT_DECOSPECS": "",
    "DEFAULT_RUNTIME_LIMIT": 5 * 24 * 60 * 60,
    "DEFAULT_CONTAINER_IMAGE": None,
    "DEFAULT_CONTAINER_REGISTRY": None,
    "USER": None,
    "TEMPDIR": ".",
    "DATASTORE_LOCAL_DIR": ".metaflow",
    "DATASTORE_SYSROOT_LOCAL": None,
    "DATASTORE_SYSROOT_S3": None,
    "DATASTORE_SYSROOT_AZURE": None,
    "DATASTORE_SYSROOT_GS": None,
    "DATATOOLS_SUFFIX": "data",
    "DATATOOLS_S3ROOT": None,
    "DATATOOLS_AZUREROOT": None,
    "DATATOOLS_GSROOT": None,
    "DATATOOLS_LOCALROOT": None,
    "CARD_SUFFIX": "mf.cards",
    "CARD_S3ROOT": None,
    "CARD_AZUREROOT": None,
    "CARD_GSROOT": None,
    "CARD_LOCALROOT": None,
    "SERVICE_URL": None,
    "SERVICE_INTERNAL_URL": None,
    "SERVICE_AUTH_KEY": None,
    "SERVICE_HEADERS": {},
    "SERVICE_RETRY_COUNT": 5,
    "UI_URL": None,
    "S3_ENDPOINT_URL": None,
    "S3_SERVER_SIDE_ENCRYPTION": None,
    "S3_VERIFY_CERTIFICATE": None,
    "S3_RETRY_COUNT": 7,
    "AZURE_STORAGE_BLOB_SERVICE_ENDPOINT": None,
    "AZURE_KEY_VAULT_PREFIX": None,
    "GCP_SECRET_MANAGER_PREFIX": None,
    "AWS_SECRETS_MANAGER_DEFAULT_REGION": None,
    "AWS_SANDBOX_ENABLED": False,
    "OTEL_ENDPOINT": None,
    "KUBERNETES_NAMESPACE": "default",
    "KUBERNETES_SERVICE_ACCOUNT": None,
    "KUBERNETES_SECRETS": "",
    "KUBERNETES_CONTAINER_IMAGE": None,
    "KUBERNETES_SANDBOX_INIT_SCRIPT": None,
    "FEAT_ALWAYS_UPLOAD_CODE_PACKAGE": False,
    "ARTIFACT_LOCALROOT": None,
}

# A place of one kind of data, where it is not said, is a folder in the place of all data.
_INSIDE = {
    f"{kind}_{store}ROOT": (f"DATASTORE_SYSROOT_{store}", f"{kind}_SUFFIX")
    for kind in ("DATATOOLS", "CARD")
    for store in ("S3", "AZURE", "GS", "LOCAL")
}

MAX_ATTEMPTS = 6  # no setting: the first, four of @retry, and that of @catch
DEBUG_OPTIONS = ["subcommand", "sidecar", "s3client", "tracing", "stubgen", "userconf", "conda", "package"]

__all__ = [*_DEFAULTS, "MAX_ATTEMPTS", "DEBUG_OPTIONS", "from_conf", "get_validate_choice_fn"]


def __getattr__(name):
    if name.startswith("DEBUG_"):
        return from_conf(name, False)  # what `debug` of that name looks at
    if name not in _DEFAULTS:
        raise AttributeError(name)
    value = from_conf(name, _DEFAULTS[name])
    if value is None and name in _INSIDE:
        root, suffix = map(__getattr__, _INSIDE[name])
        value = f"{root.rstrip('/')}/{suffix}" if root else None
    if value is None and name == "ARTIFACT_LOCALROOT":
        import os

        value = os.getcwd()
    globals()[name] = value  # as Metaflow, which reads all of them when it is imported
    return value
