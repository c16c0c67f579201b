"""What is said by the values of configs, and so waits for them."""

from backlot.exception import MetaflowException

_UNPACK = "_unpacked_config_"  # key under which `**config` hands itself over


class Late:
    """Stands for a value that is known when the values of the configs are."""

    def _delayed(self):
        """The expression that gives the value."""
        raise NotImplementedError


class Delayed(Late):
    """An expression of configs, evaluated when their values are known; what is taken out of it is delayed as well."""

    def __init__(self, expression, names, path=()):
        self._expression, self._names, self._path = expression, names, path

    def _delayed(self):
        return self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Delayed(self._expression, self._names, (*self._path, (False, name)))

    def __getitem__(self, key):
        if isinstance(key, str) and key.startswith(_UNPACK):
            return self
        return Delayed(self._expression, self._names, (*self._path, (True, key)))

    def keys(self):
        return [f"{_UNPACK}{id(self)}"]

    def __str__(self):
        return self._expression + "".join(f"[{k!r}]" if item else f".{k}" for item, k in self._path)

    __repr__ = __str__

    def evaluate(self, configs, shape=None):
        """Its value, where dictionaries are plain ones, unless `shape` makes something else of it."""
        try:
            value = eval(self._expression, self._names, dict(configs))
            for is_item, key in self._path:
                key = resolved(key, configs)
                value = value[key] if is_item else getattr(value, key)
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            raise MetaflowException(f"Config expression '{self}' could not be evaluated: {why}") from error
        return (shape or plain)(value)


def resolved(value, configs, shape=None):
    """The same with everything delayed evaluated."""
    if isinstance(value, Late):
        return value._delayed().evaluate(configs, shape)
    if type(value) is dict:
        return {resolved(k, configs, shape): resolved(v, configs, shape) for k, v in value.items()}
    return type(value)(resolved(v, configs, shape) for v in value) if type(value) in (list, tuple, set) else value


def resolved_attributes(attributes, configs, shape=None):
    """The same for keyword arguments, among which there may be an unpacked config."""
    found = {}
    for key, value in attributes.items():
        value = resolved(value, configs, shape)
        if key.startswith(_UNPACK):
            found.update(value)
        else:
            found[key] = value
    return found


def plain(value):
    """The same with ordinary dictionaries."""
    if isinstance(value, dict):
        return {key: plain(v) for key, v in value.items()}
    return type(value)(map(plain, value)) if type(value) in (list, tuple, set) else value
