"""What Metaflow has and Backlot does not: it can be imported, and says so plainly when it is used."""

from backlot import extensions
from backlot.exception import MetaflowException


class NotInBacklot(MetaflowException):
    headline = "Not available in Backlot"


def _message(module, name):
    whole = f"metaflow.{module}.{name}" if module else f"metaflow.{name}"
    message = f"{whole} is not available in Backlot. docs/from-metaflow.md says which names are, and why others are not."
    for extension, why in extensions.failed.items():
        message += f" {extension}, which may have it, could not be imported: {why}"
    return message


class NoSuchName(NotInBacklot, AttributeError):
    """A name that a module of Metaflow's may have, and ours has not."""

    def __init__(self, module, name):
        super().__init__(_message(module, name))
        self.name = name


class NoSuchModule(NotInBacklot, ModuleNotFoundError):
    """The same of a module, and of a name that is imported."""

    def __init__(self, module, name):
        super().__init__(_message(module, name))


def _absent(name, advice):
    def refuse(self, *args, **kwargs):
        raise NotInBacklot(f"{name} is not available in Backlot. {advice}")

    return type(name, (), {"__init__": refuse, "__doc__": f"{advice}", "__module__": __name__})


Deployer = _absent("Deployer", "Backlot runs flows on this machine: use Runner.")
NBDeployer = _absent("NBDeployer", "Backlot runs flows on this machine: use NBRunner.")
DeployedFlow = _absent("DeployedFlow", "Backlot runs flows on this machine: use Runner.")
