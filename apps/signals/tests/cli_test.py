"""`backlot signals` as somebody uses it: on files, and on a real Prometheus."""

import collections
import datetime
import json
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request
import zoneinfo

import jsonschema
import pytest
from conftest import MINUTES, ONSET, START, TARGET, incident, report_of, run

SCHEMA = json.loads((pathlib.Path(__file__).parents[3] / "docs" / "formats" / "signals-report.schema.json").read_text())


def check(report):
    jsonschema.validate(report, SCHEMA)
    assert report["is_explained"] and report["target"]["is_clear"]
    assert sum(report["outcomes"].values()) == report["candidates"]
    first = [finding["labels"].get("service") for finding in report["findings"][:6]]
    assert first.count("cart") >= 5, first
    shared = {(s["label"], s["value"]) for s in report["groups"][0]["shared"]}
    assert ("service", "cart") in shared
    for finding in report["findings"]:
        assert abs(sum(part["points"] for part in finding["parts"]) - finding["score"]) < 1e-9


def test_a_file_is_explained(wide):
    report = report_of(run("investigate", wide, "--target", TARGET, "--json", "--charts"))
    check(report)
    assert any(finding["series"].startswith("wait_seconds_p50{") for finding in report["findings"])
    assert report["outcomes"]["replaced"] == 2 and report["outcomes"]["flat"] == 2
    assert report_of(run("investigate", wide, "--target", TARGET, "--json", "--charts", "--workers", 7)) == report


def test_the_onset_is_looked_for_before_the_alert(wide):
    late = ("investigate", wide, "--target", TARGET, "--json", "--alert", START + 60 * (MINUTES - 1))
    check(report_of(run(*late)))  # 39 minutes after
    report = report_of(run(*late, "--look-back", "30m"))
    assert not report["target"]["is_clear"] and any("looked back from the alert" in note for note in report["notes"])
    done = run(*late, "--look-back", "0s")
    assert done.returncode == 2 and "--look-back" in done.stderr


def test_people_are_told_what_and_why(wide, tmp_path):
    events = tmp_path / "events.json"
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START + 60 * (ONSET - 5)))
    events.write_text(json.dumps([{"at": at, "text": "deploy of <cart>", "labels": {"service": "cart"}}]))
    page = tmp_path / "page.html"
    done = run("investigate", wide, "--target", TARGET, "--events", events, "--html", page)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith(TARGET + " rose from") and "deviations" in lines[0]
    assert lines[1].startswith("73 candidates = ") and "at no other moment" in done.stdout
    assert re.search("deploy of <cart>, [34]m before the best one changed; 1 label in common", done.stdout)
    html = page.read_text()
    assert "deploy of &lt;cart&gt;" in html and "<script" not in html and "http" not in html.replace("http-equiv", "")
    why = run("investigate", wide, "--target", TARGET, "--why", "limit").stdout
    assert "flat" in why and "never moves" in why
    why = run("investigate", wide, "--target", TARGET, "--why", 'depth_1{service="cart",zone="b"}').stdout
    assert "company" in why and "sum" in why


def outcomes_in(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_what_became_of_every_candidate_is_written(wide, tmp_path):
    path = tmp_path / "outcomes.jsonl"
    report = report_of(run("investigate", wide, "--target", TARGET, "--json", "--outcomes", path))
    lines = outcomes_in(path)
    assert len({line["series"] for line in lines}) == report["candidates"]
    counts = collections.Counter(line["outcome"] for line in lines)
    assert counts == {name: count for name, count in report["outcomes"].items() if count}
    assert {"series": "limit", "outcome": "flat"} in lines


def test_at_the_deadline_it_is_written_which_were_read(wide, tmp_path):
    path = tmp_path / "outcomes.jsonl"
    done = run("investigate", wide, "--target", TARGET, "--json", "--deadline", "1ms", "--outcomes", path)
    report = json.loads(done.stdout)
    unread = sum(line["outcome"] == "not_read" for line in outcomes_in(path))
    assert unread == report["outcomes"]["not_read"]
    assert done.returncode == (3 if unread else 0)  # a slow clock may let all be read
    assert not unread or any(f"{unread} candidates were not read" in note for note in report["notes"])


def test_candidates_are_chosen_by_selectors(wide):
    report = report_of(run("investigate", wide, "--target", TARGET, "--match", '{service=~"s[0-9]+"}', "--json"))
    assert not report["is_explained"] and report["candidates"] == 62


def test_what_is_wrong_is_said(wide, tmp_path):
    def refused(code, words, *arguments, **more):
        done = run(*arguments, **more)
        assert done.returncode == code and words in done.stderr and not done.stdout, done.stderr + done.stdout

    refused(2, "give --target", "investigate", wide)
    refused(1, "no series is 'nothing'", "investigate", wide, "--target", "nothing")
    refused(2, "series are", "investigate", wide, "--target", "{service=~\".*\"}")
    refused(1, "closing quote", "investigate", wide, "--target", 'a{b="')
    refused(2, "--alert: 'soon' is no time", "investigate", wide, "--target", TARGET, "--alert", "soon")
    refused(2, "longest lag", "investigate", wide, "--target", TARGET, "--max-lag", "30d")
    refused(1, "No such file", "investigate", tmp_path / "none.csv", "--target", "a")
    refused(1, "line 3, column 'a'", "changes", "-", stdin="time,a\n0,1\n60,x\n")
    refused(2, "penalty", "changes", wide, "--penalty", "-1")
    refused(2, 'no verb "explain"', "explain")


def test_weeks_go_by_the_clocks_of_a_zone():
    """Shops open at nine, whatever the clocks: they were changed in Berlin on 29 March 2026."""
    zone, draw = zoneinfo.ZoneInfo("Europe/Berlin"), random.Random(2)
    end = int(datetime.datetime(2026, 4, 1, 20, tzinfo=zone).timestamp())
    rows = ["time,target,a,b"]
    for k in range(3 * 7 * 144):
        at = end - 600 * (3 * 7 * 144 - k)
        is_open = 9 <= datetime.datetime.fromtimestamp(at, zone).hour < 17
        late = 9 * (at >= end - 600 * 12)
        rows.append(f"{at},{40 * is_open + late + draw.gauss(0, 1)},{50 * is_open + late + draw.gauss(0, 1)},{60 * is_open + draw.gauss(0, 1)}")
    quiet = {}
    for words in ((), ("--tz", "Europe/Berlin")):
        report = report_of(run("investigate", "-", "--target", "target", "--json", "--max-lag", "3h", *words, stdin="\n".join(rows)))
        (finding,) = [f for f in report["findings"] if f["series"] == "a"]
        quiet[words] = [part["points"] for part in finding["parts"] if part["name"] == "quiet"][0]
    assert quiet[()] < 10 == quiet["--tz", "Europe/Berlin"]
    done = run("investigate", "-", "--target", "target", "--tz", "Mars/Olympus", stdin="\n".join(rows))
    assert done.returncode == 2 and "no time zone" in done.stderr


def test_changes_of_a_series():
    rows = "".join(f"{60 * i},{(5 if i >= 50 else 0) + (i * 7919 % 100) / 100}\n" for i in range(100))
    done = run("changes", "-", "--json", stdin="time,x\n" + rows)
    (series,) = json.loads(done.stdout)
    (change,) = series["changes"]
    assert change["index"] == 50 and change["kind"] == "level" and series["support"] == "exact"
    assert change["low"] <= change["at"] == "1970-01-01T00:50:00Z" <= change["high"]
    assert "1 change in 1 series" in run("changes", "-", stdin="time,x\n" + rows).stdout


# --- Prometheus --------------------------------------------------------------------------------------------------------


def open_metrics(series):
    lines = []
    for name, values in series.items():
        metric = name.partition("{")[0]
        kind = "counter" if metric.endswith("_total") else "histogram" if metric.endswith("_bucket") else "gauge"
        lines.append(f"# TYPE {metric.removesuffix('_total').removesuffix('_bucket')} {kind}")
        for i, value in enumerate(values):
            if value is not None:
                lines.append(f"{name} {value!r} {START + 60 * i}")
    # Metrics must stand together, each told once.
    order, bodies = [], {}
    head = None
    for line in lines:
        if line.startswith("#"):
            head = line
            if head not in bodies:
                order.append(head)
                bodies[head] = []
        else:
            bodies[head].append(line)
    return "\n".join(line for head in order for line in (head, *bodies[head])) + "\n# EOF\n"


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory):
    """A server with the incident as its history."""
    if not shutil.which("prometheus") or not shutil.which("promtool"):
        pytest.skip("there is no prometheus here")
    folder = tmp_path_factory.mktemp("prometheus")
    (folder / "metrics.txt").write_text(open_metrics(incident()))
    (folder / "prometheus.yml").write_text("rule_files: [rules.yml]\n")
    rule = {"alert": "Slow", "expr": TARGET + " > 15", "for": "5m"}
    both = {"alert": "Both", "expr": "up > 1 and up < 3"}
    (folder / "rules.yml").write_text(json.dumps({"groups": [{"name": "g", "rules": [rule, both]}]}))
    subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", "metrics.txt", "data"], cwd=folder, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data", "--storage.tsdb.retention.time=50y", f"--web.listen-address=127.0.0.1:{port}"],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            urllib.request.urlopen(url + "/-/ready", timeout=1)
            break
        except OSError:
            time.sleep(0.1)
    yield url
    server.send_signal(signal.SIGTERM)
    server.wait(20)


WINDOW = ("--start", str(START), "--end", str(START + 60 * MINUTES))


def test_a_real_prometheus_is_explained(prometheus):
    words = ("investigate", prometheus, "--target", TARGET, *WINDOW, "--json")
    report = report_of(run(*words, "--match", '{zone=~"a|b"}', "--match", '{service="s1"}'))
    check(report)
    assert any(finding["series"].startswith("requests_total") and finding["is_rate"] for finding in report["findings"][:8])


def test_an_alert_says_what_it_is_about(prometheus, tmp_path):
    words = ("investigate", prometheus, "--match", '{zone=~"a|b"}', "--json")
    check(report_of(run(*words, "--alert-name", "Slow", *WINDOW)))
    body = tmp_path / "webhook.json"
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START + 60 * (ONSET + 5)))
    address = "http://p/graph?" + urllib.parse.urlencode({"g0.expr": TARGET + " > 15", "g0.tab": 1})
    body.write_text(json.dumps({"alerts": [{"labels": {"alertname": "Slow"}, "startsAt": at, "generatorURL": address}]}))
    report = report_of(run(*words, "--webhook", body))
    check(report)
    assert report["window"]["end"] == time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START + 60 * (ONSET + 35)))
    held = 5  # minutes, which only the server's rule says
    assert report["window"]["begin"] == time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START + 60 * (ONSET + 5 - held - 1440)))
    body.write_text(body.read_text().replace('"Slow"', '"Elsewhere"'))
    report = report_of(run(*words, "--webhook", body))
    assert report["window"]["begin"] == time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START + 60 * (ONSET + 5 - 1440)))
    done = run(*words, "--alert-name", "Both", *WINDOW)
    assert done.returncode == 2 and "cannot be told" in done.stderr and "--target" in done.stderr
    done = run(*words, "--alert-name", "Fast", *WINDOW)
    assert done.returncode == 1 and "there are Slow, Both" in done.stderr


def test_what_cannot_be_fetched_is_named_and_the_rest_is_explained(prometheus):
    done = run("investigate", prometheus, "--target", TARGET, *WINDOW, "--json", "--match", '{zone=~"a|b"}', "--match", "sum(")
    assert done.returncode == 3
    report = json.loads(done.stdout)
    check(report)
    assert any(note.startswith("not fetched: sum(") for note in report["notes"])


def test_a_server_that_is_not_there_is_said_to_be(prometheus):
    done = run("investigate", "http://127.0.0.1:9", "--target", TARGET, *WINDOW, "--match", "up")
    assert done.returncode == 1 and "does not answer" in done.stderr
    done = run("investigate", prometheus, "--target", "rate(", *WINDOW, "--match", "up")
    assert done.returncode == 1 and "bad_data" in done.stderr
    done = run("investigate", prometheus, "--target", TARGET, "--match", "up")
    assert done.returncode == 2 and "--start" in done.stderr
    done = run("investigate", prometheus, "--target", "sum(depth_1)", *WINDOW)
    assert done.returncode == 2 and "--match" in done.stderr


def test_candidates_are_the_target_s_own_unless_others_are_chosen(prometheus):
    report = report_of(run("investigate", prometheus, "--target", 'depth_0{service="cart"}', *WINDOW, "--json"))
    assert report["candidates"] == 9 and any('{service="cart"}' in note for note in report["notes"])


def test_candidates_are_also_of_those_that_the_target_calls(prometheus, tmp_path):
    calls = tmp_path / "calls.json"
    calls.write_text(json.dumps([{"caller": "cart", "callee": "s1"}, {"caller": "s1", "callee": "a.b"}, {"caller": "a.b", "callee": "s2"}]))
    done = run("investigate", prometheus, "--target", 'depth_0{service="cart"}', "--calls", calls, *WINDOW, "--json")
    report = report_of(done)
    assert any(r'{service=~"a\\.b|cart|s1"}' in note for note in report["notes"]), report["notes"]
    own = report_of(run("investigate", prometheus, "--target", 'depth_0{service="cart"}', *WINDOW, "--json"))
    assert report["candidates"] > own["candidates"]


def test_absent_may_mean_that_nothing_happened():
    rows = ["time,value,series"]
    for i in range(300):
        rows.append(f"{60 * i},{i * 7 % 10 / 10 + (20 if i >= 200 else 0)},target")
        if i >= 190:  # an error series that exists only since there are errors
            rows.append(f"{60 * i},{5 + i * 3 % 4},errors")
    kinds = {}
    for words in ((), ("--absent-is-zero", "gauge")):
        report = report_of(run("investigate", "-", "--target", "target", *words, "--json", stdin="\n".join(rows)))
        kinds[words] = [f["happening"] for f in report["findings"]]
    assert kinds == {(): ["born"], ("--absent-is-zero", "gauge"): ["level"]}
    done = run("investigate", "-", "--target", "target", "--absent-is-zero", "sum", stdin="\n".join(rows))
    assert done.returncode == 2 and "gauge" in done.stderr
