"""The library of signals from Python: over NumPy, pandas and whatever else has its columns in memory."""

import datetime
import json
import zoneinfo

import pytest

numpy = pytest.importorskip("numpy")

from backlot import errors, signals  # noqa: E402
from backlot.signals import ruptures as rpt  # noqa: E402

MINUTE = 60


def steps(levels, each=100, seed=1):
    rng = numpy.random.default_rng(seed)
    return numpy.concatenate([level + rng.normal(size=each) for level in levels])


def incident(minutes=600, onset=540, planted=6, others=60, seed=3):
    """A target that changes, series of one service that changed two minutes before, and others that did not."""
    rng = numpy.random.default_rng(seed)
    columns = {'latency{service="front"}': rng.normal(size=minutes)}
    columns['latency{service="front"}'][onset:] += 8
    for i in range(planted):
        columns[f'depth_{i}{{service="cart"}}'] = rng.normal(size=minutes)
        columns[f'depth_{i}{{service="cart"}}'][onset - 2 :] += 6
    for i in range(others):
        columns[f'depth_{i}{{service="s{i % 15}"}}'] = rng.normal(size=minutes)
    columns["flat"] = numpy.ones(minutes)
    return columns, 1_773_000_000 + MINUTE * numpy.arange(minutes)


def test_change_points_of_anything_that_has_numbers():
    x = steps([0, 6, -3])
    found = signals.change_points(x)
    assert found.support == "exact" and [round(c, -1) for c in found.changes] == [100, 200]
    assert found.kinds == ["level", "level"]
    assert all(low <= c <= high for c, (low, high) in zip(found.changes, found.intervals))
    assert signals.change_points(x.tolist()).changes == found.changes
    assert signals.change_points(numpy.column_stack([x, x])[:, 0]).changes == found.changes  # strided
    assert signals.change_points(x.astype("f4"), "l1").changes == found.changes
    assert signals.change_points(x, search="binary", penalty=50.0).support == "heuristic"


def test_bad_requests_say_all_that_is_wrong():
    with pytest.raises(errors.of("usage")) as error:
        signals.change_points(steps([0]), "normal", penalty=-1.0, search="functional", min_size=80)
    assert all(word in str(error.value) for word in ("penalty", "min_size", "functional pruning"))
    with pytest.raises(errors.of("usage"), match="there is no cost 'l3'"):
        signals.change_points(steps([0]), "l3")
    with pytest.raises(errors.of("invalid"), match="sample 1 is no number"):
        signals.change_points([1.0, float("nan"), 2.0])
    with pytest.raises(errors.of("usage"), match="one dimension"):
        signals.change_points(numpy.zeros((3, 2)))


def test_ruptures_is_one_import_away():
    x = steps([0, 6, -3])
    for detector in (rpt.Pelt(model="l2", jump=1), rpt.KernelCPD(kernel="linear"), rpt.Binseg(model="l2")):
        ends = detector.fit(x.reshape(-1, 1)).predict(pen=30)
        assert [round(end, -1) for end in ends] == [100, 200, 300]
    assert rpt.Pelt(model="normal", min_size=5).fit_predict(x, pen=30)[-1] == 300
    for wrong in (lambda: rpt.Pelt(model="rbf"), lambda: rpt.Pelt().fit(numpy.zeros((9, 2))), lambda: rpt.Pelt().fit(x).predict(n_bkps=2)):
        with pytest.raises(errors.of("unsupported")):
            wrong()


def check(report):
    assert report.is_explained and report.candidates == 67
    assert sum(report.outcomes.values()) == 67
    assert all('service="cart"' in finding["series"] for finding in report.findings[:6])
    assert report.findings[0]["outcome"] == "changed_before"
    assert report.why("flat") == "flat"
    shared = report.groups[0]["shared"][0]
    assert (shared["label"], shared["value"]) == ("service", "cart")


def test_an_incident_in_a_dict_of_arrays():
    columns, time = incident()
    report = signals.investigate('latency{service="front"}', columns, time=time)
    check(report)
    assert report.html().startswith("<!doctype html>") and "<script" not in report.html()
    assert json.loads(report.json(charts=True))["findings"][0]["chart"]["values"]
    assert "explained" in repr(report) and "<iframe sandbox" in report._repr_html_()


def test_what_looks_alike_is_one_group_whatever_its_labels():
    random = numpy.random.default_rng(5)
    columns = {"target": random.standard_normal(600) + 9 * (numpy.arange(600) >= 500)}
    for name, at, until in (("apples", 498, 600), ("pears", 498, 600), ("plums", 498, 600), ("nails", 498, 515), ("screws", 480, 600)):
        inside = (numpy.arange(600) >= at) & (numpy.arange(600) < until)
        columns[name] = random.standard_normal(600) + (-15 if name == "plums" else 15) * inside
    for k in range(30):
        columns[f"quiet_{k}"] = random.standard_normal(600)
    report = signals.investigate("target", columns, time=1_700_000_000 + 60 * numpy.arange(600), horizon="30m")
    named = [{report.findings[place]["series"] for place in group["findings"]} for group in report.groups]
    assert {"apples", "pears", "plums"} in named, named


def test_an_incident_in_pandas():
    pandas = pytest.importorskip("pandas")
    columns, time = incident()
    frame = pandas.DataFrame(columns, index=pandas.to_datetime(time, unit="s"))
    check(signals.investigate('latency{service="front"}', frame, alert_at=frame.index[545].to_pydatetime()))
    check(signals.investigate('latency{service="front"}', frame.reset_index(names="time"), horizon="10m"))


def test_an_incident_in_arrow_and_polars():
    pyarrow = pytest.importorskip("pyarrow")
    columns, time = incident()
    check(signals.investigate('latency{service="front"}', pyarrow.table({"time": time, **columns})))
    polars = pytest.importorskip("polars")
    check(signals.investigate('latency{service="front"}', polars.DataFrame({"time": time, **columns})))


def test_history_is_what_lies_before_the_window():
    week, rng = 7 * 24 * 6, numpy.random.default_rng(4)  # samples of ten minutes
    time = 1_773_000_000 + 600 * numpy.arange(3 * week)
    season = 20 * numpy.sin(2 * numpy.pi * numpy.arange(3 * week) / 144)
    columns = {name: season + rng.normal(size=3 * week) for name in ("target", "a", "b", "c")}
    columns["target"][-20:] += 9
    columns["a"][-21:] += 9
    report = signals.investigate("target", columns, time=time, max_lag="3h")
    assert report.target["deseasonalised"] and report.findings[0]["series"] == "a"
    assert not any("no history" in note for note in report.notes)


def test_weeks_go_by_the_clocks_of_a_zone():
    """Shops open at nine, whatever the clocks: they were changed in Berlin on 29 March 2026."""
    zone, count, rng = zoneinfo.ZoneInfo("Europe/Berlin"), 3 * 7 * 144, numpy.random.default_rng(2)
    end = int(datetime.datetime(2026, 4, 1, 20, tzinfo=zone).timestamp())
    time = end - 600 * numpy.arange(count, 0, -1)
    is_open = numpy.array([9 <= datetime.datetime.fromtimestamp(t, zone).hour < 17 for t in time.tolist()])
    late = 9 * (numpy.arange(count) >= count - 12)
    columns = {
        "target": 40 * is_open + late + rng.normal(size=count),
        "a": 50 * is_open + late + rng.normal(size=count),
        "b": 60 * is_open + rng.normal(size=count),
    }
    quiet = {}
    for tz in (None, "Europe/Berlin"):
        report = signals.investigate("target", columns, time=time, max_lag="3h", tz=tz)
        (finding,) = [f for f in report.findings if f["series"] == "a"]
        (quiet[tz],) = [part["points"] for part in finding["parts"] if part["name"] == "quiet"]
    assert quiet[None] < 10 == quiet["Europe/Berlin"]
    for nowhere in ("Mars/Olympus", "../zone", "/etc/localtime", ""):
        with pytest.raises(errors.of("usage"), match="no time zone"):
            signals.investigate("target", columns, time=time, tz=nowhere)


def test_a_civil_time_that_there_was_not_or_twice():
    begins = {"2026-04-05T02:30+02:00": 7 * 24 - 1, "2026-11-01T02:30+01:00": 7 * 24 + 1}
    for begin, hours in begins.items():
        at = int(datetime.datetime.fromisoformat(begin).timestamp()) * 10**9
        assert signals._weeks_back(at, 1, "Europe/Berlin") == [hours * 3600 * 10**9]


def test_wrong_inputs_are_named():
    columns, time = incident()
    with pytest.raises(errors.of("not_found"), match="nothing"):
        signals.investigate("nothing", columns, time=time)
    with pytest.raises(errors.of("usage"), match="times of the samples"):
        signals.investigate("flat", columns)
    uneven = time.copy()
    uneven[7] += 1
    with pytest.raises(errors.of("invalid"), match="row 7"):
        signals.investigate("flat", columns, time=uneven)
    with pytest.raises(errors.of("usage"), match="no duration"):
        signals.investigate("flat", columns, time=time, horizon="soon")
