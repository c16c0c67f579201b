"""Settings: METAFLOW_… of the environment, else of the user's configuration file, else a default."""

import functools
import json
import os

from backlot.exception import MetaflowException


@functools.lru_cache(maxsize=None)
def _of_file(path):
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise MetaflowException(f"{path} is no JSON: {error}. Correct it, or remove it.") from error
    if not isinstance(found, dict):
        raise MetaflowException(f"{path} holds no object of settings.")
    return found


def init_config():
    """The settings of the configuration file: config.json, or config_PROFILE.json where METAFLOW_PROFILE is set."""
    home = os.path.expanduser(os.environ.get("METAFLOW_HOME", "~/.metaflowconfig"))
    profile = os.environ.get("METAFLOW_PROFILE")
    path = os.path.join(home, f"config_{profile}.json" if profile else "config.json")
    found = _of_file(path)
    if profile and not found and not os.path.exists(path):
        raise MetaflowException(f"There is no {path}, the profile that METAFLOW_PROFILE names.")
    return dict(found)


def config_values(prefix=""):
    """(name, value) of all settings that are set, the environment's first, for names with METAFLOW_ and the prefix."""
    wanted = f"METAFLOW_{prefix}"
    found = {**init_config(), **os.environ}
    for name, value in found.items():
        if name.startswith(wanted):
            yield name, value


def from_conf(name, default=None, validate_fn=None):
    """The setting METAFLOW_<name>, read as what its default is; the default where it is not set."""
    name = f"METAFLOW_{name}"
    value = os.environ.get(name, init_config().get(name))
    if value is None:
        return default
    value = _read(name, value, default)
    if validate_fn is not None:
        validate_fn(name, value)
    return value


def _read(name, value, default):
    if default is None or isinstance(default, str):
        return value
    if isinstance(default, bool):
        return value if isinstance(value, bool) else str(value).lower() not in ("", "0", "false")
    kind = type(default)
    try:
        if isinstance(default, (int, float)):
            return kind(value)
        value = json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError(f"{name} is {value!r}, which cannot be read as {kind.__name__}.") from error
    if not isinstance(value, kind):
        raise ValueError(f"{name} is {value!r}, which is no {kind.__name__}.")
    return value


def get_validate_choice_fn(choices):
    """A function that refuses what is not among the choices."""

    def validate(name, value):
        if value not in choices:
            raise MetaflowException(f"{name} must be one of {', '.join(map(str, choices))}. It is {value!r}.")

    return validate
