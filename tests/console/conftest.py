"""Real homes, real runs, real servers."""

import pytest
from served import Home, Server


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory):
    """With a failed run and a resumed one."""
    home = Home(tmp_path_factory.mktemp("console"))
    home.failed = home.failing()
    home.mended.touch()
    home.run("backlot", "rerun", home.failed, "--failed")
    home.done = home.runs("Failing")[0]["pathspec"]
    return home


@pytest.fixture(scope="module")
def server(shared_home):
    server = Server(shared_home)
    yield server
    assert server.stop() == 0
