"""The check that this NumPy gives arrays back as they were stored."""

import conftest  # noqa: F401
import pytest

numpy = pytest.importorskip("numpy")

from backlot import _core, _numpy_check  # noqa: E402


def test_arrays_come_back_with_this_numpy():
    assert _numpy_check.find_problem(numpy, _numpy_check._stored_and_read) is None


@pytest.mark.parametrize(
    "lose, word",
    [
        (lambda a: a[:0] if a.ndim else a, "shape"),
        (lambda a: a.copy().view("u2") if a.dtype == "i2" and a.ndim else a, "dtype"),
        (lambda a: numpy.zeros_like(a), "content"),
        (lambda a: a.tolist(), "type"),
        (lambda a: numpy.asfortranarray(a), "order"),
    ],
)
def test_what_is_lost_is_named(lose, word):
    problem = _numpy_check.find_problem(numpy, lambda arrays: [lose(a) for a in arrays])
    assert problem.startswith("an array of type ") and problem.endswith("comes back with another " + word)


def test_a_numpy_that_loses_arrays_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("BACKLOT_HOME", str(tmp_path))
    monkeypatch.setattr(_numpy_check, "_ensured", set())
    monkeypatch.setattr(_numpy_check, "_stored_and_read", lambda arrays: [a[:0] if a.ndim else a for a in arrays])
    with pytest.raises(Exception, match=rf"NumPy {numpy.__version__} with Python .* cannot be used"):
        _numpy_check.ensure()
    assert not (tmp_path / "checks").exists() and not _numpy_check._ensured


def test_a_known_numpy_is_not_tried_again(tmp_path, monkeypatch):
    monkeypatch.setenv("BACKLOT_HOME", str(tmp_path))
    monkeypatch.setattr(_numpy_check, "_ensured", set())
    _numpy_check.ensure()
    monkeypatch.setattr(_numpy_check, "_stored_and_read", None)
    _numpy_check.ensure()
    _numpy_check._ensured.clear()  # as in another process
    _numpy_check.ensure()
    assert len(list((tmp_path / "checks").iterdir())) == 1


def test_the_modules_do_not_know_numpys_structures():
    """pybind11's numpy.h reads them at the offsets of NumPy 1."""
    assert _core.Memory and "pybind11/numpy.h" not in _sources()


def _sources():
    import pathlib

    root = pathlib.Path(__file__).resolve().parents[2]
    return "".join(p.read_text() for place in ("python/core", "apps/*/python") for p in root.glob(f"{place}/*.[ch]*"))


def test_every_artifact_of_a_step_comes_back(place):
    done = place.flow(
        """
        import numpy as np
        from metaflow import FlowSpec, step

        class Arrays(FlowSpec):
            @step
            def start(self):
                self.i8, self.rows = np.arange(10), np.arange(6.0).reshape(3, 2)
                self.next(self.each, foreach="rows")

            @step
            def each(self):
                assert self.i8.tolist() == list(range(10)) and self.i8.dtype == int
                self.total = self.input.sum()
                self.next(self.join)

            @step
            def join(self, inputs):
                self.totals = np.array([i.total for i in inputs])
                self.next(self.end)

            @step
            def end(self):
                print("totals", self.totals.tolist())
        """,
        "run",
    )
    assert done.code == 0, done.out + done.err
    assert "totals [1.0, 5.0, 9.0]" in done.out
