"""What `./dev bench --against` makes of the runs of two builds. No bench is run here."""

import argparse
import json
import math

import against


def test_every_number_is_a_figure_by_its_path():
    report = {"bench": "x", "a": {"ms": 1.5, "reached": True}, "list": [3, {"b": 4}], "peer": "not measured here"}
    assert against.figures_of(report) == {"a/ms": 1.5, "list/0": 3, "list/1/b": 4}


def test_an_item_of_a_list_is_called_by_what_was_measured_wherever_it_stands():
    one, two = {"goal": "start", "figure": 1}, {"samples": 10, "changes_made": 2, "ms": 7}
    assert against.figures_of([one])["start/figure"] == 1
    assert against.figures_of([two, one])["start/figure"] == 1
    assert against.figures_of([two, one])["samples=10,changes_made=2/ms"] == 7


def test_items_of_one_name_are_told_apart():
    assert against.figures_of([{"goal": "g", "ms": 1}, {"goal": "g", "ms": 2}]) == {"g/ms": 1, "g #2/ms": 2}


def test_the_ratio_is_the_median_of_pairs_not_the_ratio_of_medians():
    here = [{"ms": x} for x in (10, 100, 30)]  # the machine was slow in the second pair
    there = [{"ms": x} for x in (5, 100, 10)]
    figure = against.compare(here, there)["figures"]["ms"]
    assert figure == {"here": 30, "there": 10, "ratio": 2, "quartiles": [1.5, 2.5], "range": [1, 3]}


def test_what_never_changes_is_listed_apart():
    result = against.compare([{"n": 5, "ms": 1}, {"n": 5, "ms": 2}], [{"n": 5, "ms": 1}, {"n": 5, "ms": 1}])
    assert result["same"] == {"n": 5} and list(result["figures"]) == ["ms"]
    result = against.compare([{"n": 5}, {"n": 5}], [{"n": 4}, {"n": 4}])  # an exact count that is another now
    assert result["figures"]["n"]["ratio"] == 1.25


def test_figures_of_one_side_are_named():
    result = against.compare([{"a": 1, "new": 2}], [{"a": 2, "old": 3}])
    assert (result["only_here"], result["only_there"]) == (["new"], ["old"])
    assert result["figures"]["a"]["ratio"] == 0.5 and result["figures"]["a"]["quartiles"] == [0.5, 0.5]


def test_a_figure_may_be_zero():
    assert against.ratio(0, 0) == 1 and against.ratio(0, 3) == 0 and against.ratio(2, 0) == math.inf
    result = against.compare([{"ms": 1}, {"ms": 2}], [{"ms": 0}, {"ms": 1}])
    assert json.loads(against.as_json(result))["figures"]["ms"]["range"] == [2, None]


def test_the_table_is_aligned_and_says_what_it_leaves_out():
    result = against.compare([{"a/long/path": 1.0, "n": 7, "new": 1}], [{"a/long/path": 2.0, "n": 7}])
    lines = against.as_table(result).splitlines()
    assert len(lines[0]) == len(lines[1]) and lines[1].split() == ["a/long/path", "1", "2", "0.500", *["0.500"] * 4]
    assert lines[2:] == ["only here: new", "the same in all runs of both: 1 numbers (--json lists them)"]


def test_what_was_measured_before_an_interruption_is_told(monkeypatch):
    runs = iter([{"a": 1}, {"a": 2}, {"a": 3}, KeyboardInterrupt()])

    def measured(*_):
        run = next(runs)
        if isinstance(run, BaseException):
            raise run
        return run

    monkeypatch.setattr(against, "measured", measured)
    given = argparse.Namespace(name="engine", pairs=9, words=[])
    assert against.measured_pairs(given, {"here": None, "there": None}) == [[{"a": 1}, {"a": 2}]]
