"""`import metaflow` is answered by Backlot: its names, its modules, and where it stands."""

import os
import pathlib
import subprocess

import pytest
from conftest import PACKAGE

BACKLOT = pathlib.Path(PACKAGE).parent / "bin" / "backlot"


def test_names(place):
    place.script(
        """
        from metaflow import *
        import metaflow
        for name in ("FlowSpec", "step", "current", "Parameter", "JSONType", "IncludeFile", "Config", "config_expr",
                     "retry", "catch", "timeout", "environment", "resources", "batch", "kubernetes", "conda", "pypi",
                     "card", "project", "schedule", "trigger", "trigger_on_finish", "Flow", "Run", "Step", "Task",
                     "Metaflow", "DataArtifact", "namespace", "get_namespace", "default_namespace", "metadata",
                     "get_metadata", "default_metadata", "Runner", "NBRunner", "parallel_map", "S3", "Deployer", "profile"):
            assert name in globals() and hasattr(metaflow, name), name
        assert metaflow.__version__.startswith("2.19")
        assert metaflow.exception.MetaflowException and metaflow.client.Run is Run and metaflow.cards
        try:
            metaflow.nothing
        except AttributeError as error:
            assert "Backlot" in str(error)
        try:
            from metaflow import nothing
        except ImportError:
            pass
        try:
            import metaflow.nothing
        except ModuleNotFoundError:
            pass
        try:
            Deployer("flow.py")
        except Exception as error:
            assert "not available in Backlot" in str(error)
        else:
            raise AssertionError
        with profile("work"):
            pass
        spent = {}
        with profile("work", stats_dict=spent):
            pass
        assert "work" in spent
        """
    )


def test_modules(place):
    place.script(
        """
        from metaflow.exception import MetaflowException, MetaflowExceptionWrapper, MetaflowNotFound
        from metaflow.client import Run, Metaflow
        from metaflow.client.core import Run as Core, MetaflowData
        from metaflow.cards import Markdown, Table, Image, VegaChart, ProgressBar, get_cards
        from metaflow.plugins.cards.card_modules.components import Artifact
        from metaflow.flowspec import FlowSpec
        from metaflow.parameters import Parameter, JSONType
        from metaflow.includefile import IncludeFile, IncludedFile
        from metaflow.metaflow_current import current
        from metaflow.multicore_utils import parallel_map
        from metaflow.plugins.catch_decorator import FailureHandledByCatch
        from metaflow.plugins.timeout_decorator import TimeoutException
        from metaflow.plugins.datatools.s3 import S3
        from metaflow.util import get_username, resolve_identity
        from metaflow.metaflow_version import get_version
        from metaflow.exception import *
        import metaflow.plugins.cards as cards
        import backlot
        assert Run is Core and Run is backlot.Run and FlowSpec is backlot.FlowSpec
        assert get_username() == "tester" and resolve_identity() == "user:tester"
        assert issubclass(MetaflowNotFound, MetaflowException) and get_version().startswith("2.19")
        import pickle
        wrapper = MetaflowExceptionWrapper(ValueError("boo"))
        assert pickle.loads(pickle.dumps(wrapper)).exception == "boo"
        """
    )


def test_an_import_is_lazy(place):
    place.script(
        """
        import sys
        from metaflow import FlowSpec, step, current
        heavy = ("backlot.client", "backlot.runner", "asyncio", "subprocess", "inspect", "argparse", "typing", "re")
        for name in heavy:
            assert name not in sys.modules, name
        """
    )


@pytest.fixture
def shim(place, monkeypatch):
    """Runs Python as a user who has nothing but the package's command to begin with."""

    def python(*words, package=False):
        environment = {"PATH": os.environ["PATH"], "HOME": str(place.folder), "USER": "tester"}
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        if package:
            environment["PYTHONPATH"] = PACKAGE
        return subprocess.run(
            ["/usr/bin/python3", *words], env=environment, cwd=place.folder, capture_output=True, text=True, timeout=60
        )

    return python


def test_on_and_off(shim):
    where = "import metaflow; print(metaflow.FlowSpec.__module__)"
    assert "No module named 'metaflow'" in shim("-c", where).stderr
    assert shim("-m", "backlot", "shim", "status", package=True).stdout == "The shim is off.\n"
    done = shim("-m", "backlot", "shim", "on", package=True)
    assert done.returncode == 0 and done.stdout.startswith("The shim is on: "), done.stderr
    assert shim("-c", where).stdout == "backlot.flowspec\n"
    assert shim("-c", "import sys; print('backlot' in sys.modules)").stdout == "False\n"
    assert shim("-m", "backlot", "shim", "status").stdout.startswith("The shim is on: ")
    assert shim("-m", "backlot", "shim", "off").returncode == 0
    assert "No module named 'metaflow'" in shim("-c", where).stderr


def test_an_installed_metaflow_comes_first(shim, place):
    assert shim("-m", "backlot", "shim", "on", package=True).returncode == 0
    site = pathlib.Path(shim("-m", "site", "--user-site").stdout.strip())
    (site / "metaflow.py").write_text("FlowSpec = 'the real one'\n")
    assert shim("-c", "import metaflow; print(metaflow.FlowSpec)").stdout == "the real one\n"
    told = shim("-m", "backlot", "shim", "status").stdout
    assert "Metaflow itself is installed" in told and str(site) in told


def test_usage(shim):
    done = shim("-m", "backlot", "nonsense", package=True)
    assert done.returncode == 2 and "usage: python -m backlot shim" in done.stderr


FLOW = """
    import sys
    from metaflow import FlowSpec, Parameter, step

    class Hello(FlowSpec):
        name_of = Parameter("name_of", default="world")

        @step
        def start(self):
            print("hello", self.name_of, __name__, sys.argv[0])
            self.next(self.end)

        @step
        def end(self):
            pass

    if __name__ == "__main__":
        Hello()
    """


@pytest.mark.skipif(not BACKLOT.exists(), reason="the program `backlot` is not built")
def test_backlot_runs_a_python_flow(place):
    place.write("hello.py", FLOW)
    environment = {k: v for k, v in place.environment.items() if k != "PYTHONPATH"}

    def backlot(*words, **more):
        return subprocess.run(
            [BACKLOT, *words], cwd=place.folder, env={**environment, **more}, capture_output=True, text=True, timeout=60
        )

    done = backlot("run", "hello.py", "--name_of", "you")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "hello you __main__ hello.py" in done.stdout
    done = backlot("resume", "hello.py", "end", BACKLOT_PYTHON="/usr/bin/python3")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Cloning" in done.stdout
    assert backlot("check", "hello.py").returncode == 0
    done = backlot("run", "hello.py", BACKLOT_PYTHON="/nowhere/python")
    assert done.returncode != 0 and "/nowhere/python" in done.stderr
