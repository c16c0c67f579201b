"""The names that public packages import from Metaflow: those in the table, and what stands behind some of them."""

import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "public_names"))

import names  # noqa: E402

ROWS = [line.split("\t") for line in (names.HERE / "names.tsv").read_text().splitlines()[1:]]


def test_the_table_says_what_is_answered():
    asked = [row for row in ROWS if row[2] not in ("extension", "package")]
    answers = names.answers([row[:2] for row in asked])
    wrong = [(row, answer) for row, answer in zip(asked, answers) if row[2] != answer]
    assert not wrong, "make the table anew: tests/public_names/names.py build/public_names/files"


def test_what_several_packages_use_works_or_has_its_reason():
    told = (ROOT / "docs" / "from-metaflow.md").read_text()
    for module, name, answer, users in ROWS:
        if len(users.split()) > 1 and answer not in ("works", "package", "extension"):
            assert f"`{name}`" in told, f"{module}.{name}"
    assert len({user for row in ROWS for user in row[3].split()}) > 15


def test_what_is_refused_says_so_when_it_is_used(place):
    place.script(
        """
        import metaflow
        from metaflow import metaflow_config, util
        from metaflow.exception import MetaflowException
        from metaflow.mflog import BASH_SAVE_LOGS
        from metaflow.package import MetaflowPackage
        from metaflow.plugins import DATASTORES
        from metaflow.plugins.storage_executor import handle_executor_exceptions
        from metaflow.metaflow_environment import InvalidEnvironmentException, MetaflowEnvironment
        from metaflow.runner.deployer_impl import DeployerImpl
        from backlot.absent import NotInBacklot

        class Mine(DeployerImpl):
            TYPE = "mine"

        @handle_executor_exceptions
        def load():
            pass

        assert issubclass(InvalidEnvironmentException, MetaflowException)
        for use in (Mine, MetaflowPackage, MetaflowEnvironment, load,
                    lambda: f"{BASH_SAVE_LOGS}", lambda: BASH_SAVE_LOGS + "x", lambda: "x" + BASH_SAVE_LOGS,
                    lambda: [d for d in DATASTORES], lambda: MetaflowPackage.blob, lambda: "x" in DATASTORES):
            try:
                use()
            except NotInBacklot as error:
                assert "is not available in Backlot. " in str(error), error
            else:
                raise AssertionError(use)
        """
    )


def test_a_name_that_is_not_there(place):
    place.script(
        """
        import metaflow
        from metaflow import util
        from backlot.absent import NotInBacklot
        for holder in (metaflow, util, metaflow.plugins):
            assert not hasattr(holder, "nothing") and getattr(holder, "nothing", 5) == 5
        for line in ("import metaflow.nothing", "from metaflow import nothing", "from metaflow.util import nothing",
                     "import metaflow.plugins.nothing", "from metaflow._vendor import nothing",
                     "from metaflow.plugins.cards import nothing", "from metaflow.exception import nothing"):
            for kind in (ImportError, NotInBacklot):
                try:
                    exec(line)
                except kind as error:
                    assert "nothing is not available in Backlot" in str(error), error
                else:
                    raise AssertionError(line)
        try:
            from metaflow.metadata import MetaDatum
        except ImportError:  # as packages do that work with more than one release
            from metaflow.metadata_provider import MetaDatum
        assert MetaDatum("f", "v", "t", []).tags == [] and "which" in dir(util)
        """
    )


def test_settings(place):
    place.write("config/config.json", '{"METAFLOW_SERVICE_URL": "http://of.the.file", "METAFLOW_S3_RETRY_COUNT": "3"}')
    place.script(
        """
        from metaflow import metaflow_config as c
        from metaflow.metaflow_config_funcs import config_values, from_conf, get_validate_choice_fn, init_config
        assert (c.DEFAULT_DATASTORE, c.DEFAULT_METADATA, c.TEMPDIR, c.MAX_ATTEMPTS) == ("local", "local", "/there", 6)
        assert c.DATASTORE_SYSROOT_S3 == "s3://b/x" and c.DATATOOLS_S3ROOT == "s3://b/x/data"
        assert c.CARD_S3ROOT == "s3://chosen" and c.CARD_GSROOT is None and c.DEFAULT_RUNTIME_LIMIT == 7
        assert c.SERVICE_URL == "http://of.the.file" and c.S3_RETRY_COUNT == 3 and c.DEBUG_CONDA is True
        assert c.SERVICE_HEADERS == {"a": "b"} and c.AWS_SANDBOX_ENABLED is False and c.DEBUG_DBT is False
        assert init_config()["METAFLOW_S3_RETRY_COUNT"] == "3"
        assert ("METAFLOW_TEMPDIR", "/there") in list(config_values()) and not list(config_values("NOTHING_"))
        assert from_conf("LIST", ["a"]) == ["b"] and from_conf("NONE", "x") == "x" and from_conf("OWN") == "5"
        assert from_conf("OWN", 1) == 5 and from_conf("OWN", 1.0) == 5.0 and from_conf("OWN", False) is True
        for wrong in (lambda: from_conf("TEMPDIR", 1), lambda: from_conf("LIST", {}), lambda: from_conf("TEMPDIR", {}),
                      lambda: from_conf("OWN", "a", get_validate_choice_fn(["a", "b"]))):
            try:
                wrong()
            except Exception as error:
                assert "METAFLOW_" in str(error), error
            else:
                raise AssertionError
        """,
        METAFLOW_HOME=str(place.folder / "config"), METAFLOW_TEMPDIR="/there", METAFLOW_DATASTORE_SYSROOT_S3="s3://b/x",
        METAFLOW_CARD_S3ROOT="s3://chosen", METAFLOW_DEFAULT_RUNTIME_LIMIT="7", METAFLOW_DEBUG_CONDA="1",
        METAFLOW_SERVICE_HEADERS='{"a": "b"}', METAFLOW_LIST='["b"]', METAFLOW_OWN="5",
    )  # fmt: skip
    said = place.python("-c", "from metaflow.metaflow_config import USER", METAFLOW_PROFILE="none")
    assert said.code == 1 and "config_none.json" in said.err


def test_helpers(place):
    place.script(
        """
        import io, os, tarfile
        from metaflow.util import *
        assert which("sh").endswith("/sh") and which("no-such-program") is None
        assert (to_bytes("ü"), to_unicode("ü".encode()), to_unicode(5), to_bytes(b"x")) == ("ü".encode(), "ü", "5", b"x")
        assert is_stringish(b"") and not is_stringish(5) and to_fileobj("a").read() == b"a"
        assert url_quote("a b/c") == b"a%20b/c" and url_unquote(b"a%20b/c") == "a b/c"
        assert resolve_identity_as_tuple() == ("user", "tester")
        assert compress_list(["a/b/1", "a/b/2"]) == "a/b/:1,2" and compress_list(["x"]) == "x"
        long = [f"Flow/1/step/{n}" for n in range(900)]
        for texts in (long, ["x"], ["a", "ab"], ["a/b/1", "a/b/2"], ["x", "y"]):
            assert decompress_list(compress_list(texts)) == texts, texts
        assert compress_list(long).startswith("!") and len(compress_list(long)) < 2500
        try:
            compress_list(["a,b", "c"])
        except Exception as error:
            assert "a,b" in str(error)
        else:
            raise AssertionError
        told = list(dict_to_cli_options({"a": 1, "b_c": True, "d": False, "e": None, "f": ["x", "y z"], "decospecs": ["r"]}))
        assert told == ["--a", "1", "--b-c", "--f", "x", "--f", "'y z'", "--with", "r"], told
        os.makedirs("tree/a/b")
        os.symlink("..", "tree/a/up")
        os.symlink("b", "tree/a/c")
        assert sorted(root for root, _, _ in walk_without_cycles("tree")) == ["tree", "tree/a", "tree/a/b", "tree/a/c"]
        assert [root for root, _, _ in walk_without_cycles("tree", ["tree/a"])] == ["tree"]
        for name, good in (("x/y", True), ("../out", False), ("/out", False)):
            with tarfile.open("t.tar", "w") as tar:
                tar.addfile(tarfile.TarInfo(name), io.BytesIO())
            try:
                with tarfile.open("t.tar") as tar:
                    tar_safe_extract(tar, "unpacked")
                assert good
            except Exception as error:
                assert not good and "leads out" in str(error), error
        """
    )


def test_small_things(place):
    done = place.script(
        """
        import sys
        from metaflow import R, step, FlowSpec, retry, timeout
        from metaflow.cli import echo_always, echo_dev_null, logger
        from metaflow.debug import debug
        from metaflow.decorators import flow_decorators
        from metaflow.plugins.aws.aws_utils import parse_s3_full_path
        from metaflow.plugins.cards.exception import CardNotPresentException
        from metaflow.plugins.gcp.gs_utils import parse_gs_full_path
        from metaflow.plugins.kubernetes.kubernetes_decorator import KubernetesDecorator
        from metaflow.plugins.parallel_decorator import ParallelDecorator
        from metaflow.plugins.project_decorator import format_name
        from metaflow.plugins.timeout_decorator import get_run_time_limit_for_task
        from metaflow.unbounded_foreach import UBF_CONTROL, UBF_TASK

        assert not R.use_r() and (UBF_CONTROL, UBF_TASK) == ("ubf_control", "ubf_task")
        assert KubernetesDecorator.name == "kubernetes" and ParallelDecorator.name == "parallel"
        assert parse_s3_full_path("s3://b/c/d") == ("b", "c/d") and parse_gs_full_path("gs://b") == ("b", None)
        for wrong in (lambda: parse_s3_full_path("b/c"), lambda: parse_gs_full_path("gs://")):
            try:
                wrong()
            except Exception as error:
                assert "BUCKET/PATH" in str(error)
            else:
                raise AssertionError
        assert format_name("F", "proj", True, None, "bob") == ("proj.prod.F", "prod")
        assert format_name("F", "proj", False, "br", "bob") == ("proj.test.br.F", "test.br")
        assert format_name("F", "proj", False, None, "bob") == ("proj.user.bob.F", "user.bob")

        class Flow_(FlowSpec):
            @timeout(minutes=5)
            @step
            def start(self):
                pass

        assert get_run_time_limit_for_task(Flow_.start.decorators) == 300 and get_run_time_limit_for_task([]) == 432000
        assert flow_decorators(Flow_) == [] and CardNotPresentException("x").headline
        echo_always("loud", err=False, fg="red", bold=True)
        echo_dev_null("nothing")
        logger("body", head="HEAD ", timestamp=False)
        debug.conda_exec("quiet")
        assert not debug.conda and debug.package
        debug.package_exec(["said", 1])
        """,
        METAFLOW_DEBUG_PACKAGE="1",
    )
    assert done == "loud\nHEAD body\n"


def test_click_is_the_installed_one(place):
    place.script(
        """
        import importlib.util
        if importlib.util.find_spec("click") is None:
            try:
                from metaflow._vendor import click
            except ImportError as error:
                assert "pip install click" in str(error), error
            else:
                raise AssertionError
        """
    )
    place.write("click/__init__.py", "class Choice:\n    pass\n")
    place.write("click/types.py", "X = 1\n")
    place.script(
        """
        from metaflow._vendor import click
        from metaflow._vendor.click.types import X
        import click as real
        assert click is real and X == 1 and click.Choice
        """
    )


EXTENSION = {
    "config/mfextinit_acme.py": """
        from metaflow.metaflow_config_funcs import from_conf
        ACME_URL = from_conf("ACME_URL", "http://acme")
        ACME_NONE = from_conf("ACME_NONE")
        """,
    "toplevel/mfextinit_acme.py": "toplevel = 'top'\n",
    "toplevel/top.py": "from ..plugins.tool import helper\n__version__ = '1'\n",
    "plugins/mfextinit_acme.py": """
        STEP_DECORATORS_DESC = [("acme", ".tool.Acme")]
        __mf_promote_submodules__ = ["tool"]
        """,
    "plugins/tool/__init__.py": """
        from metaflow.decorators import StepDecorator
        from metaflow.metaflow_config import ACME_URL

        class Acme(StepDecorator):
            name = "acme"

        def helper():
            return ACME_URL
        """,
    "plugins/tool/inner.py": "VALUE = 1\n",
}


def test_an_extension_gives_settings_and_names(place):
    for path, source in EXTENSION.items():
        place.write(f"metaflow_extensions/acme/{path}", source)
    place.script(
        """
        from metaflow import helper, metaflow_config
        from metaflow.metaflow_config import ACME_URL, ACME_NONE
        from metaflow.plugins.tool import Acme
        from metaflow.plugins.tool.inner import VALUE
        import metaflow_extensions.acme.plugins.tool as real
        assert helper() == ACME_URL == "http://mine" and ACME_NONE is None and VALUE == 1
        assert Acme is real.Acme and not hasattr(metaflow_config, "ACME_OTHER")
        try:
            from metaflow import acme
        except ImportError as error:
            assert "metaflow.acme is not available in Backlot" in str(error)
        else:
            raise AssertionError
        """,
        METAFLOW_ACME_URL="http://mine",
    )
    place.write("metaflow_extensions/broken/toplevel/mfextinit_broken.py", "import no_such_package\n")
    place.script(
        """
        import metaflow
        assert metaflow.helper and not hasattr(metaflow, "nothing")
        try:
            from metaflow import nothing
        except ImportError as error:
            assert "metaflow_extensions.broken.toplevel.mfextinit_broken" in str(error) and "no_such_package" in str(error)
        else:
            raise AssertionError
        """
    )


@pytest.mark.parametrize("name", ["Render", "Error"])
def test_helpers_of_cards(place, name):
    place.script(
        f"""
        from metaflow.plugins.cards.card_modules.components import UserComponent, render_safely, with_default_component_id

        class {name}(UserComponent):
            component_id = None

            @with_default_component_id
            @render_safely
            def render(self):
                if {name == "Error"}:
                    raise ValueError("boo")
                return {{"id": self.component_id}}

        part = {name}()
        drawn = part.render()
        assert drawn["id"] == part.component_id and len(part.component_id) == 32
        assert drawn.get("error") == ({"'boo'" if name == "Error" else None})
        """
    )
