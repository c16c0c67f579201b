"""What the server shows of investigations, and the pages of it: signals_module() and pages/."""

import json
import os
import pathlib
import subprocess
import sys

import pytest
from conftest import PROGRAM, TARGET, report_of, run

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/console"))
from served import Home, Server  # noqa: E402

OTHER = 'requests_total{service="cart",zone="b"}'


@pytest.fixture(scope="module")
def investigated(wide, tmp_path_factory):
    """Two investigations, a run that goes no further than its start, and a run of another flow."""
    home = Home(tmp_path_factory.mktemp("investigated"))
    for target in (TARGET, OTHER):
        home.run("investigate", "run", "--series", wide, "--target", target, "--quiet")
    home.run("investigate", "run", "--series", wide, "--target", "nothing", "--quiet", check=False)
    home.run("trivial", "run", "Three", "--quiet")
    home.ids = [one["pathspec"] for one in home.runs("Investigate")][::-1]
    return home


@pytest.fixture(scope="module")
def server(investigated):
    server = Server(investigated)
    yield server
    assert server.stop() == 0, server.complaints


def test_reports_are_listed_newest_first(investigated, server):
    contract = server.contract()
    listed = server.get_by_contract(contract, "/api/v1/signals/reports", "signals/reports")["reports"]
    assert [one["pathspec"] for one in listed] == [investigated.ids[1], investigated.ids[0]]
    first = listed[1]
    assert first["target"] == TARGET and first["is_explained"] and first["has_page"]
    assert len(first["findings"]) == 3 and first["findings"][0]["score"] >= first["findings"][1]["score"]
    page = server.get("signals/reports?limit=1")
    assert page["reports"] == []  # the newest run left none
    page = server.get(f"signals/reports?limit=1&before={page['before']}")
    assert [one["pathspec"] for one in page["reports"]] == [investigated.ids[1]]


def test_a_report_is_what_the_command_line_prints(investigated, server, wide):
    answer = server.get_by_contract(server.contract(), "/api/v1/signals/reports/{flow}/{run}", "signals/reports/" + investigated.ids[0])
    assert answer["report"] == report_of(run("investigate", wide, "--target", TARGET, "--json"))
    card = f"/api/v1/runs/{answer['flow']}/{answer['run']}/tasks/{answer['task']}/artifacts/page/card"
    status, headers, body = server.ask("GET", card)
    assert status == 200 and headers["content-type"].startswith("text/html") and b"<svg" in body


def test_two_are_compared_by_series(investigated, server):
    two = f"signals/compare?a={investigated.ids[0]}&b={investigated.ids[1]}"
    answer = server.get_by_contract(server.contract(), "/api/v1/signals/compare", two)
    assert answer["a"]["target"] == TARGET and answer["b"]["target"] == OTHER
    reports = [server.get("signals/reports/" + one)["report"]["findings"] for one in investigated.ids[:2]]
    names = [[finding["series"] for finding in findings] for findings in reports]
    for one in answer["series"]:
        for side, findings in zip("ab", names):
            assert (one[side] or {}).get("place", 0) == (findings.index(one["series"]) + 1 if one["series"] in findings else 0)
    assert {one["series"] for one in answer["series"]} == {*names[0], *names[1]}
    same = server.get(f"signals/compare?a={investigated.ids[0]}&b={investigated.ids[0]}")["series"]
    assert [one["series"] for one in same] == names[0] and all(one["a"] == one["b"] for one in same)


def test_what_is_no_report_is_said(investigated, server):
    def problem(path):
        status, _, body = server.ask("GET", "/api/v1/signals/" + path)
        return status, json.loads(body)["error"]["message"]

    status, message = problem("reports/" + investigated.ids[2])
    assert status == 404 and "has left no report: it failed" in message
    other = investigated.runs("Three")[0]["pathspec"]
    assert problem("reports/" + other) == (400, other + " is no investigation")
    assert problem("compare?a=" + investigated.ids[0])[0] == 400
    assert problem("reports?limit=0")[0] == 400


def test_the_pages(investigated, server):
    if not pathlib.Path("/usr/bin/chromium").exists():
        pytest.skip("no chromium")
    if not (ROOT / "build/console/index.html").exists():
        pytest.skip("the pages are not built: ./dev builds them")
    words = ["node", str(pathlib.Path(__file__).parent / "pages.mjs"), server.url, server.token, *investigated.ids[:2]]
    done = subprocess.run(words, capture_output=True, text=True, timeout=200, env={**os.environ, "TARGET": TARGET})
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["listed"] == 2
    assert seen["report"]["heading"] == TARGET and seen["report"]["frame"] > 300 and seen["report"]["waiting"] == 0
    assert seen["compared"] == len(server.get(f"signals/compare?a={investigated.ids[0]}&b={investigated.ids[1]}")["series"])
    assert seen["wide"] == [] and seen["violations"] == []
