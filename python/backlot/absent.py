"""What Metaflow has and Backlot does not: it can be imported, and says so plainly when it is used."""

from backlot.exception import MetaflowException


class NotInBacklot(MetaflowException):
    headline = "Not available in Backlot"


def _absent(name, advice):
    def refuse(self, *args, **kwargs):
        raise NotInBacklot(f"{name} is not available in Backlot. {advice}")

    return type(name, (), {"__init__": refuse, "__doc__": f"{advice}", "__module__": __name__})


Deployer = _absent("Deployer", "Backlot runs flows on this machine: use Runner.")
NBDeployer = _absent("NBDeployer", "Backlot runs flows on this machine: use NBRunner.")
DeployedFlow = _absent("DeployedFlow", "Backlot runs flows on this machine: use Runner.")
