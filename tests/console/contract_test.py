"""The answers are what openapi.json says, for every path it has."""

import json

import jsonschema
import pytest


@pytest.fixture(scope="module")
def contract(server):
    return server.get("openapi.json")


def validate(contract, path, method, status, body):
    answers = contract["paths"][path][method]["responses"]
    content = answers.get(str(status), answers["default"])["content"]
    schema = {**content["application/json"]["schema"], "components": contract["components"]}
    jsonschema.Draft202012Validator(schema).validate(json.loads(body))


def test_every_path_answers_as_its_contract_says(contract, server, shared_home):
    failed, done = shared_home.failed, shared_home.done
    join = next(t["task"] for t in server.get(f"runs/{done}/tasks?step=join")["tasks"])
    asked = {
        "/api/v1/status": ["status"],
        "/api/v1/flows": ["flows"],
        "/api/v1/flows/{flow}/grid": ["flows/Failing/grid", "flows/Failing/grid?limit=1"],
        "/api/v1/runs": ["runs", "runs?limit=1", "runs?state=failed", "runs?q=failing&since=2020-01-01T00:00:00Z"],
        "/api/v1/runs/{flow}/{run}": [f"runs/{failed}", f"runs/{done}", "runs/Failing/last"],
        "/api/v1/runs/{flow}/{run}/layout": [f"runs/{failed}/layout"],
        "/api/v1/runs/{flow}/{run}/columns": [f"runs/{failed}/columns", f"runs/{done}/columns?after=2&limit=1"],
        "/api/v1/runs/{flow}/{run}/tasks": [f"runs/{done}/tasks", f"runs/{done}/tasks?limit=2", f"runs/{done}/tasks?q=[1]&step=work"],
        "/api/v1/runs/{flow}/{run}/tasks/{task}": [f"runs/{done}/tasks/{n}" for n in range(1, 6)] + [f"runs/{failed}/tasks/work%2F[1]"],
        "/api/v1/runs/{flow}/{run}/tasks/{task}/log": [f"runs/{failed}/tasks/3/log", f"runs/{failed}/tasks/3/log?before=end&bytes=40"],
        "/api/v1/runs/{flow}/{run}/tasks/{task}/log/search": [f"runs/{failed}/tasks/3/log/search?q=cannot"],
        "/api/v1/runs/{flow}/{run}/tasks/{task}/artifacts/{name}": [f"runs/{done}/tasks/{join}/artifacts/{n}" for n in ("card", "words", "model")]
        + [f"runs/{done}/tasks/1/artifacts/items"],
        "/api/v1/runs/{flow}/{run}/tasks/{task}/artifacts/{name}/rows": [f"runs/{done}/tasks/1/artifacts/items/rows?limit=2"],
        "/api/v1/runs/{flow}/{run}/parameters/{name}": [f"runs/{failed}/parameters/note"],
        "/api/v1/compare": [f"compare?a={failed}&b={done}"],
        "/api/v1/openapi.json": ["openapi.json"],
    }  # fmt: skip
    for path, addresses in asked.items():
        for address in addresses:
            status, headers, body = server.ask("GET", "/api/v1/" + address)
            assert (status, headers["content-type"]) == (200, "application/json"), (address, body)
            validate(contract, path, "get", status, body)
    elsewhere = {"/healthz", "/metrics", "/api/v1/events"}
    binary = {p for p in contract["paths"] if p.endswith(("/content", "/card", "/text"))}
    lists_have_no_rows = {"/api/v1/runs/{flow}/{run}/parameters/{name}/rows"}
    gets = {p for p, methods in contract["paths"].items() if "get" in methods}
    assert gets - set(asked) - elsewhere - binary == lists_have_no_rows


@pytest.mark.parametrize(
    "address, status",
    [
        ("runs/Failing/1", 404),
        ("runs/Faling/last", 404),
        ("runs/Failing/nonsense", 400),
        ("runs?state=sleeping", 400),
        ("runs?limit=0", 400),
        ("runs?since=yesterday", 400),
        ("runs/Failing/last/tasks/999", 404),
        ("runs/Failing/last/tasks/work%2F[99]", 404),
        ("runs/Failing/last/tasks/1/artifacts/nothing", 404),
        ("runs/Failing/last/tasks/1/log/search", 400),
        ("runs/Failing/last/tasks/1/log?stream=both", 400),
        ("runs/Failing/last/parameters/note/rows", 400),
        ("compare?a=Failing&b=Failing", 400),
        ("events", 400),
        ("events?topic=weather", 400),
        ("nothing", 404),
    ],
)
def test_what_cannot_be_answered_is_a_problem(contract, server, address, status):
    got, _, body = server.ask("GET", "/api/v1/" + address)
    assert got == status, body
    schema = {"$ref": "#/components/schemas/Problem", "components": contract["components"]}
    jsonschema.Draft202012Validator(schema).validate(json.loads(body))


def test_failures_are_grouped_and_the_run_says_how_to_go_on(server, shared_home):
    run = server.get(f"runs/{shared_home.failed}")
    assert sum(group["count"] for group in run["failures"]) == 2
    assert all(group["text"].startswith("ValueError at failing.py:") for group in run["failures"])
    assert run["resume"]["command"] == f"backlot rerun {shared_home.failed} --failed"
    done = server.get(f"runs/{shared_home.done}")
    assert done["origin"] == shared_home.failed and "resume" not in done
    assert [task["step"] for task in done["critical_path"]][-2:] == ["join", "end"]
    assert next(step for step in done["steps"] if step["step"] == "work")["expected"] == 3


def test_a_pickle_is_shown_by_its_preview(server, shared_home):
    join = server.get(f"runs/{shared_home.done}/tasks?step=join")["tasks"][0]["task"]
    preview = server.get(f"runs/{shared_home.done}/tasks/{join}/artifacts/model")["preview"]
    assert preview["kind"] == "pickle" and preview["repr"].startswith("<object object")


def test_filters_find_what_they_say(server, shared_home):
    paths = lambda query: [run["pathspec"] for run in server.get("runs?" + query)["runs"]]  # noqa: E731
    assert paths("state=failed") == [shared_home.failed]
    assert paths("state=done") == [shared_home.done]
    assert shared_home.failed in paths("parameter=note") and paths("parameter=note:other") == []
    assert paths("q=cannot%20do") == [shared_home.failed]
    assert paths("flow=Other") == [] and paths("until=2020-01-01T00:00:00Z") == []
    assert len(paths("limit=1")) == 1
    first = server.get("runs?limit=1")
    assert paths(f"limit=1&before={first['before']}") == [shared_home.failed]


def test_a_log_is_read_in_windows_from_both_ends(server, shared_home):
    log = f"runs/{shared_home.failed}/tasks/3/log"
    whole = server.get(log + "?bytes=1048576")
    assert whole["at_begin"] and whole["at_end"]
    texts = [line["text"] for line in whole["lines"]]
    assert texts[0] == "working on bad" and any("ValueError: cannot do bad" in text for text in texts)
    # A line that is cut goes on at the beginning of the next window.
    forward, position = "", 0
    while True:
        window = server.get(f"{log}?from={position}&bytes=20000")
        forward += "".join(line["text"] + ("" if line.get("cut") else "\n") for line in window["lines"])
        position = window["end"]
        if window["at_end"]:
            break
    assert forward.replace("\n", "") == "".join(texts)
    # One that is cut stands whole in the window behind.
    backward, before = [], "end"
    while True:
        window = server.get(f"{log}?before={before}&bytes=20000")
        behind = {line["position"] for line in backward}
        backward = [line for line in window["lines"] if line["position"] not in behind] + backward
        before = window["begin"]
        if window["at_begin"]:
            break
    assert [line["text"] for line in backward] == texts
    found = server.get(f"{log}/search?q=CANNOT")["matches"]
    assert found and all("cannot" in line["text"] for line in found)
    around = server.get(f"{log}?at={found[-1]['position']}")
    assert found[-1]["position"] in [line["position"] for line in around["lines"]]
    assert {line["stream"] for line in server.get(f"{log}?stream=err")["lines"]} == {"err"}


def test_a_table_is_shown_by_page(server, shared_home):
    join = server.get(f"runs/{shared_home.done}/tasks?step=join")["tasks"][0]["task"]
    address = f"runs/{shared_home.done}/tasks/{join}/artifacts/table"
    preview = server.get(address)["preview"]
    assert preview["kind"] == "table" and preview["rows"] == 2
    assert [column["type"] for column in preview["columns"]] == ["int64", "int64", "large_string"]
    rows = server.get(address + "/rows?from=1&limit=5")
    assert rows["columns"][:2] == ["index", "n"] and rows["rows"][0][:2] == [7, 2] and rows["total"] == 2
