"""Decorators of steps and flows: what is said about them besides their code."""

import os

from backlot import source_location
from backlot.delayed import resolved_attributes
from backlot.exception import InvalidDecoratorAttribute, MetaflowException

_MOST_RETRIES = 4  # as Metaflow: six attempts are the first, four retries, and that of @catch


class UnknownStepDecoratorException(MetaflowException):
    headline = "Unknown step decorator"


class BadStepDecoratorException(MetaflowException):
    headline = "Syntax error"


class BadFlowDecoratorException(MetaflowException):
    headline = "Syntax error"


class DuplicateStepDecoratorException(MetaflowException):
    headline = "Duplicate decorators"


class DuplicateFlowDecoratorException(MetaflowException):
    headline = "Duplicate decorators"


class Decorator:
    """A name and its attributes. `here`: what it does here, when that is not what it does elsewhere."""

    name = here = ""
    is_kept = False  # only kept: it does nothing here
    defaults: dict = {}
    allow_multiple = False
    inserted_by = None  # names of the mutators that added it

    def __init__(self, attributes=None, statically_defined=True):
        self.given = dict(attributes or {})
        self.attributes = {**self.defaults, **self.given}
        self.statically_defined = statically_defined
        self.place = source_location.of_caller() if statically_defined else None

    def __str__(self):
        given = [f"{k}={v}" for k, v in self.attributes.items() if v != self.defaults.get(k)]
        return f"{self.name}:{','.join(given)}" if given else self.name

    def init(self, configs):
        """Settles its attributes when the values of the configs are known. Raises for one that it has not."""
        self.given = resolved_attributes(self.given, configs)
        for key in self.given:
            if key not in self.defaults:
                known = ", ".join(self.defaults)
                raise self.fail(
                    f"Decorator '{self.name}' does not support the attribute '{key}'. "
                    + (f"These attributes are supported: {known}." if known else "It has none."),
                    InvalidDecoratorAttribute,
                )
        self.attributes = {**self.defaults, **self.given}

    def fail(self, text, kind=MetaflowException):
        if self.place is None:
            return kind(text)
        file, line = self.place
        return kind(text, line, os.path.basename(file))

    def number(self, key, kind=float, least=0):
        """An attribute that is a number, also when it was given as text; 0 when it is not set."""
        value = self.attributes[key]
        try:
            number = kind(value or 0)
        except (TypeError, ValueError):
            number = -1
        if number < least:
            raise self.fail(f"@{self.name} cannot have {key}={value!r}: it takes a number from {least} on.")
        return number


class StepDecorator(Decorator):
    def check(self, node):
        """Raises when the decorator cannot stand at this step."""


class FlowDecorator(Decorator):
    def check(self, flow):
        """Raises when the decorator cannot stand at this flow."""


# --- those that do something here ------------------------------------------------------------------------------------


class Retry(StepDecorator):
    name = "retry"
    defaults: dict = {"times": "3", "minutes_between_retries": "2"}
    here = "tries again at once; with --retry-wait it waits minutes_between_retries before"

    def check(self, node):
        if self.number("times", int) > _MOST_RETRIES:
            raise self.fail(f"The maximum number of retries is @retry(times={_MOST_RETRIES}).")
        self.number("minutes_between_retries")

    @property
    def wait_ms(self):
        return int(self.number("minutes_between_retries") * 60_000)


class Catch(StepDecorator):
    name = "catch"
    defaults: dict = {"var": None, "print_exception": True}

    def check(self, node):
        if node.kind in ("foreach", "switch"):
            what = "foreach split" if node.kind == "foreach" else "conditional switch"
            raise self.fail(
                f"@catch is defined for the step *{node.name}* but @catch is not supported in {what} steps."
            )


class Timeout(StepDecorator):
    name = "timeout"
    defaults: dict = {"seconds": 0, "minutes": 0, "hours": 0}

    @property
    def seconds(self):
        return self.number("hours", int) * 3600 + self.number("minutes", int) * 60 + self.number("seconds", int)

    def check(self, node):
        if not self.seconds:
            raise self.fail("Specify a duration for @timeout.")


class Environment(StepDecorator):
    name = "environment"
    defaults: dict = {"vars": {}}

    def check(self, node):
        if not isinstance(self.attributes["vars"], dict):
            raise self.fail(f"@environment takes vars={{'NAME': 'value'}}, not {self.attributes['vars']!r}.")


class ResourcesDecorator(StepDecorator):
    name = "resources"
    defaults: dict = {"cpu": "1", "gpu": None, "disk": None, "memory": "4096", "shared_memory": None}
    here = "holds cpu, gpu and memory of this machine for the step's tasks; disk and shared_memory are not used"

    def check(self, node):
        for key in ("cpu", "gpu", "memory"):
            self.number(key)


class Project(FlowDecorator):
    name = "project"
    defaults: dict = {"name": None, "production": False, "branch": None}
    _longest = 128

    def settle(self, options, flow, user):
        """What the run's project is, by the attributes and the command line's --branch and --production."""
        chosen = {}
        for key in ("branch", "production"):
            wanted = options.get(key) or self.defaults[key]
            if key in self.given and wanted != self.defaults[key] and wanted != self.attributes[key]:
                raise self.fail(
                    f"You cannot pass {key} as both a command-line argument and an attribute of the @project decorator."
                )
            chosen[key] = self.attributes[key] if key in self.given else wanted
        name, branch, production = self.attributes["name"], chosen["branch"], bool(chosen["production"])
        self._check_names(name, branch)
        if branch:
            branch_name = f"prod.{branch}" if production else f"test.{branch}"
        else:
            branch_name = "prod" if production else f"user.{os.environ.get('METAFLOW_OWNER', user)}"
        return {
            "project_name": name,
            "branch_name": branch_name,
            "is_user_branch": not branch and not production,
            "is_production": production,
            "project_flow_name": f"{name}.{branch_name}.{flow}",
        }

    def _check_names(self, name, branch):
        if not name:
            raise self.fail("@project needs a name. Try @project(name='some_name')")
        for what, text in (("@project", name), ("branch", branch)):
            if not text:
                continue
            if not all(c in "abcdefghijklmnopqrstuvwxyz0123456789_" for c in text):
                raise self.fail(
                    f"The {what} name must contain only lowercase alphanumeric characters and underscores."
                )
            if len(text) > self._longest:
                raise self.fail(f"The {what} name is too long: the maximum is {self._longest} characters.")


class ExitHook(FlowDecorator):
    name = "exit_hook"
    defaults: dict = {"on_success": [], "on_error": [], "options": {}}
    allow_multiple = True

    def check(self, flow):
        hooks = [*self.attributes["on_success"], *self.attributes["on_error"]]
        if not hooks:
            raise self.fail("Choose at least one of the options on_success/on_error")
        for hook in hooks:
            if not callable(hook) and not isinstance(hook, str):
                raise self.fail("Exit hooks must be functions, or strings that name functions of this file.")


# --- those that are kept, and say what they do here ------------------------------------------------------------------


def _kept(base, name, here, allow_multiple=False, /, **defaults):
    body = {"name": name, "here": here, "defaults": defaults, "allow_multiple": allow_multiple, "is_kept": True}
    body["__module__"] = __name__
    return type("".join(part.capitalize() for part in name.split("_")), (base,), body)


_NO_ENVIRONMENT = "no environment is made: the packages of this Python are used"
_ON_THIS_MACHINE = "the step runs on this machine"
_NO_SCHEDULER = "not used by `run`: it tells a production scheduler when to start the flow"

_CLUSTER: dict = dict(cpu=None, gpu=None, memory=None, image=None, shared_memory=None, use_tmpfs=None, tmpfs_tempdir=True,
                tmpfs_size=None, tmpfs_path="/metaflow_temp", executable=None)  # fmt: skip

Batch = _kept(
    StepDecorator, "batch", _ON_THIS_MACHINE, **_CLUSTER, queue=None, iam_role=None, execution_role=None, max_swap=None,
    swappiness=None, inferentia=None, trainium=None, efa=None, host_volumes=None, efs_volumes=None, aws_batch_tags=None,
    ephemeral_storage=None, log_driver=None, log_options=None, privileged=False,
)  # fmt: skip
Kubernetes = _kept(
    StepDecorator, "kubernetes", _ON_THIS_MACHINE, **{**_CLUSTER, "cpu": "1", "memory": "4096"}, disk="10240",
    image_pull_policy=None, image_pull_secrets=None, service_account=None, secrets=None, node_selector=None,
    namespace=None, gpu_vendor=None, tolerations=None, labels=None, annotations=None, persistent_volume_claims=None,
    port=None, compute_pool=None, hostname_resolution_timeout=600, qos="burstable", extended_resources={},
    security_context=None,
)  # fmt: skip
Conda = _kept(StepDecorator, "conda", _NO_ENVIRONMENT, packages={}, libraries={}, python=None, disabled=None)
Pypi = _kept(StepDecorator, "pypi", _NO_ENVIRONMENT, packages={}, python=None, disabled=None)
Secrets = _kept(
    StepDecorator, "secrets", "no secrets are fetched: set their environment variables yourself",
    sources=[], role=None, allow_override=False,
)  # fmt: skip
Parallel = _kept(StepDecorator, "parallel", "gangs of tasks are not made yet: num_parallel is refused")
PytorchParallel = _kept(StepDecorator, "pytorch_parallel", Parallel.here, master_port=None)
Card = _kept(
    StepDecorator, "card", "no card is made yet", True, type="default", options={}, scope="task",
    rank=None, timeout=45, id=None, save_errors=True, customize=False, refresh_interval=5,
)  # fmt: skip
CondaBase = _kept(FlowDecorator, "conda_base", _NO_ENVIRONMENT, packages={}, libraries={}, python=None, disabled=None)
PypiBase = _kept(FlowDecorator, "pypi_base", _NO_ENVIRONMENT, packages={}, python=None, disabled=None)
Schedule = _kept(
    FlowDecorator, "schedule", _NO_SCHEDULER, cron=None, weekly=False, daily=True, hourly=False, timezone=None
)
Trigger = _kept(FlowDecorator, "trigger", _NO_SCHEDULER, event=None, events=[], options={})
TriggerOnFinish = _kept(FlowDecorator, "trigger_on_finish", _NO_SCHEDULER, flow=None, flows=[], options={})
_SENSOR = dict(timeout=3600, poke_interval=60, mode="reschedule", exponential_backoff=True, pool=None, soft_fail=False,
               name=None, description=None)  # fmt: skip
AirflowTaskSensor = _kept(
    FlowDecorator, "airflow_external_task_sensor", _NO_SCHEDULER, True, **_SENSOR, external_dag_id=None,
    external_task_ids=None, allowed_states=["success"], failed_states=None, execution_delta=None, check_existence=True,
)  # fmt: skip
AirflowS3Sensor = _kept(
    FlowDecorator, "airflow_s3_key_sensor", _NO_SCHEDULER, True, **_SENSOR, bucket_key=None,
    bucket_name=None, wildcard_match=False, aws_conn_id=None, verify=None,
)  # fmt: skip

STEP_KINDS = {
    kind.name: kind
    for kind in (
        Retry, Catch, Timeout, Environment, ResourcesDecorator, Batch, Kubernetes, Conda, Pypi, Secrets, Parallel,
        PytorchParallel, Card,
    )
}  # fmt: skip
FLOW_KINDS = {
    kind.name: kind
    for kind in (
        Project, ExitHook, CondaBase, PypiBase, Schedule, Trigger, TriggerOnFinish, AirflowTaskSensor, AirflowS3Sensor,
    )
}  # fmt: skip


# --- how they are written --------------------------------------------------------------------------------------------


def _step_decorator(kind):
    def decorate(function=None, /, **attributes):
        def add(f):
            if not getattr(f, "is_step", False):
                name = getattr(f, "__name__", f)
                raise BadStepDecoratorException(
                    f"You are attempting to decorate '{name}' with @{kind.name}, but it is no step. "
                    f"Put @{kind.name} above @step."
                )
            f.decorators.append(kind(attributes))
            return f

        return add(function) if function is not None else add

    decorate.__name__ = decorate.__qualname__ = kind.name
    decorate.kind = kind
    return decorate


def _flow_decorator(kind):
    def decorate(flow=None, /, **attributes):
        def add(cls):
            if not (isinstance(cls, type) and hasattr(cls, "_step_functions")):
                raise BadFlowDecoratorException(
                    f"@{kind.name} stands above a flow, a class derived from FlowSpec; {cls!r} is none."
                )
            cls._flow_decorators = (kind(attributes), *vars(cls).get("_flow_decorators", ()))
            return cls

        return add(flow) if flow is not None else add

    decorate.__name__ = decorate.__qualname__ = kind.name
    decorate.kind = kind
    return decorate


def check_once(decorators, what, error):
    """Raises when one that may stand once stands twice."""
    seen = set()
    for decorator in decorators:
        if decorator.name in seen and not decorator.allow_multiple:
            text = f"{what} already has a decorator '{decorator.name}'. You can specify this decorator only once."
            raise decorator.fail(text, error)
        seen.add(decorator.name)


def of_flow(flow):
    """The decorators of a flow's class and of those that it derives from."""
    found = []
    for base in reversed(flow.__mro__):
        own = vars(base).get("_flow_decorators", ())
        names = {d.name for d in own if not d.allow_multiple}
        found = [d for d in found if d.name not in names] + list(own)
    return found


def of_spec(spec):
    """The decorator that `--with retry:times=3,minutes_between_retries=0` names; None when it is none of ours. Values are
    JSON, or else text."""
    name, _, rest = spec.partition(":")
    kind = STEP_KINDS.get(name)
    return kind and kind(read_attributes(spec, rest), statically_defined=False)


def read_attributes(spec, text):
    """The attributes that stand after the name in a text such as `retry:times=3`."""
    import json
    import re

    attributes, parts = {}, []
    for part in re.split(r",(?=[\s\w]+=)", text) if text else ():
        if parts and sum(map(parts[-1].count, "{[")) > sum(map(parts[-1].count, "}]")):
            parts[-1] += "," + part  # a comma within a JSON value
        else:
            parts.append(part)
    for part in parts:
        key, equals, value = part.partition("=")
        if not equals:
            raise MetaflowException(
                f"'{spec}' cannot be read at '{part}': write name:attribute=value,attribute=value."
            )
        value = value.strip()
        try:
            value = json.loads(value.replace('\\"', '"'))
        except ValueError:
            pass
        attributes[key.strip()] = value
    return attributes


for _kinds, _make in ((STEP_KINDS, _step_decorator), (FLOW_KINDS, _flow_decorator)):
    for _name, _kind in _kinds.items():
        globals()[_name] = _make(_kind)
