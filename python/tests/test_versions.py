"""Values meet other versions of their packages: they load, or the error names both versions."""

import pathlib
import pickle
import sys

import pytest
from conftest import PACKAGE  # noqa: F401  (it makes backlot importable)

from backlot import _pickle, _unpickle, _versions
from backlot.errors import UnreadableValue

NEWEST = pathlib.Path(__file__).resolve().parents[2] / "build" / "environments" / "debian-newest" / "bin" / "python"


def loaded(stream, buffers=(), kind="a.Kind"):
    return _pickle.loads(memoryview(stream), list(buffers), kind)


def test_a_pickle_says_which_packages_it_needs():
    numpy = pytest.importorskip("numpy")
    stream = _pickle.dumps((numpy.arange(3), numpy.float32(1)))[0]
    assert _versions.read(stream) == {"numpy": numpy.__version__}
    assert pickle.loads(stream)[1] == 1  # plain pickle reads it, too
    assert stream == _pickle.dumps((numpy.arange(3), numpy.float32(1)))[0]


def test_words_that_are_data_and_modules_of_python_itself_are_not_named():
    import decimal

    for value in (("numpy", "pandas"), decimal.Decimal(1), {1: b"numpy"}, pathlib.PurePath("numpy")):
        stream = _pickle.dumps(value)[0]
        assert stream.endswith(b".") and _versions.read(stream) == {}


def test_the_error_of_a_package_that_is_not_here_names_both_versions(place):
    place.write("bookcase/__init__.py", '__version__ = "1.2"\nclass Book:\n    pass\n')
    done = place.flow(
        """
        from metaflow import FlowSpec, step

        class Reader(FlowSpec):
            @step
            def start(self):
                import bookcase
                self.book = bookcase.Book()
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        "run",
    )
    assert done.code == 0, done.err + done.out
    (place.folder / "bookcase/__init__.py").unlink()
    (place.folder / "bookcase").rmdir()
    told = place.script(
        """
        from metaflow import Flow
        from backlot.errors import UnreadableValue
        try:
            Flow("Reader").latest_run["start"].task.data.book
        except UnreadableValue as error:
            print(error)
        """
    )
    assert told == (
        "a bookcase.Book cannot be loaded: ModuleNotFoundError: No module named 'bookcase' (written with bookcase 1.2; here: no bookcase)\n"
    )


def test_what_goes_wrong_while_loading_is_one_kind_of_error():
    for stream in (b"cos\nnothing\n.", b"cno_such_module\nx\n.", b"(cbuiltins\nint\nI1\nI2\nI3\no.", b"\x80\x05]"):
        with pytest.raises(UnreadableValue, match="a a.Kind cannot be loaded: ") as raised:
            loaded(stream)
        assert raised.value.code == "unsupported" and raised.value.hint == ""


@pytest.mark.parametrize("written", [b"numpy._core.multiarray", b"numpy.core.multiarray"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_core_of_numpy_is_found_by_both_names(written):
    numpy = pytest.importorskip("numpy")
    assert loaded(b"\x80\x05c" + written + b"\nscalar\n.") is loaded(b"\x80\x05cnumpy.core.multiarray\nscalar\n.")
    assert numpy.asarray(loaded(_pickle.dumps(numpy.float32(0.1))[0])) == numpy.float32(0.1)


def test_times_that_pandas_1_would_misread_are_refused(monkeypatch):
    pandas = pytest.importorskip("pandas")
    stream = pickle.dumps(pandas.Timestamp("2020-01-01"), protocol=5)
    assert loaded(stream + b'\n{"pandas":"1.5.3"}\n') == pandas.Timestamp("2020-01-01")
    monkeypatch.setattr(_versions, "here", lambda name: "1.5.3")
    assert not _unpickle.misread({"pandas": "1.4.0"}) and not _unpickle.misread({})
    with pytest.raises(UnreadableValue, match="written with pandas 2.2.0; here: pandas 1.5.3"):
        loaded(stream + b'\n{"pandas":"2.2.0"}\n')


@pytest.mark.skipif(sys.executable != "/usr/bin/python3", reason="this is for Debian's Python, with NumPy from PyPI")
@pytest.mark.skipif(not NEWEST.exists(), reason="./dev test environments makes Debian's Python with the newest NumPy")
def test_every_kind_of_value_with_debians_python_and_the_newest_numpy(place, monkeypatch):
    import test_values

    monkeypatch.setattr(sys, "executable", str(NEWEST))
    test_values.test_every_kind_of_value_comes_back_as_it_was(place)
    test_values.test_changes_are_kept_and_nothing_else_is(place)
