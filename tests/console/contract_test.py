"""The answers are what openapi.json says, for every path it has."""

import json
import pathlib
import time

import jsonschema
import pytest
from served import FIXTURE, PROGRAMS, Server, validate


@pytest.fixture(scope="module")
def contract(server):
    return server.contract()


def test_every_path_answers_as_its_contract_says(contract, server, shared_home):
    failed, done = shared_home.failed, shared_home.done
    join = next(t["task"] for t in server.get(f"runs/{done}/tasks?step=join")["tasks"])
    asked = {
        "/api/v1/status": ["status"],
        "/api/v1/flows": ["flows"],
        "/api/v1/flows/{flow}/grid": ["flows/Failing/grid", "flows/Failing/grid?limit=1"],
        "/api/v1/runs": ["runs", "runs?limit=1", "runs?state=failed", "runs?q=failing&since=2020-01-01T00:00:00Z", "runs?sort=-took&limit=1"],
        "/api/v1/runs/{flow}/{run}": [f"runs/{failed}", f"runs/{done}", "runs/Failing/last"],
        "/api/v1/runs/{flow}/{run}/columns": [f"runs/{failed}/columns", f"runs/{done}/columns?after=2&limit=1"],
        "/api/v1/runs/{flow}/{run}/tasks": [f"runs/{done}/tasks", f"runs/{done}/tasks?limit=2", f"runs/{done}/tasks?q=[1]&step=work", f"runs/{done}/tasks?sort=-took&limit=2&after=2"],
        "/api/v1/runs/{flow}/{run}/tasks/{task}": [f"runs/{done}/tasks/{n}" for n in range(1, 6)] + [f"runs/{failed}/tasks/work%2F[1]"],
        "/api/v1/runs/{flow}/{run}/tasks/{task}/log": [f"runs/{failed}/tasks/3/log", f"runs/{failed}/tasks/3/log?before=end&bytes=40"],
        "/api/v1/runs/{flow}/{run}/tasks/{task}/log/search": [f"runs/{failed}/tasks/3/log/search?q=cannot"],
        "/api/v1/runs/{flow}/{run}/tasks/{task}/artifacts/{name}": [f"runs/{done}/tasks/{join}/artifacts/{n}" for n in ("card", "words", "model", "large")]
        + [f"runs/{done}/tasks/1/artifacts/items"],
        "/api/v1/runs/{flow}/{run}/tasks/{task}/artifacts/{name}/rows": [f"runs/{done}/tasks/1/artifacts/items/rows?limit=2"],
        "/api/v1/runs/{flow}/{run}/tasks/{task}/artifacts/{name}/tree": [f"runs/{done}/tasks/{join}/artifacts/{n}" for n in ("large/tree?limit=2", "large/tree?at=7&from=1", "words/tree")],
        "/api/v1/runs/{flow}/{run}/tasks/{task}/artifacts/{name}/tree/search": [f"runs/{done}/tasks/{join}/artifacts/large/tree/search?q=hay&limit=2"],
        "/api/v1/runs/{flow}/{run}/parameters/{name}": [f"runs/{failed}/parameters/note"],
        "/api/v1/runs/{flow}/{run}/parameters/{name}/tree": [f"runs/{failed}/parameters/note/tree"],
        "/api/v1/runs/{flow}/{run}/parameters/{name}/tree/search": [f"runs/{failed}/parameters/note/tree/search?q=x"],
        "/api/v1/compare": [f"compare?a={failed}&b={done}"],
        "/api/v1/openapi.json": ["openapi.json"],
    }  # fmt: skip
    for path, addresses in asked.items():
        for address in addresses:
            status, headers, body = server.ask("GET", "/api/v1/" + address)
            assert (status, headers["content-type"]) == (200, "application/json"), (address, body)
            validate(contract, path, "get", status, body)
    elsewhere = {"/healthz", "/metrics", "/api/v1/events"}
    of_modules = {p for p in contract["paths"] for module in server.get("status")["modules"] if p.startswith(f"/api/v1/{module['name']}/")}
    binary = {p for p in contract["paths"] if p.endswith(("/content", "/card", "/text"))}
    lists_have_no_rows = {"/api/v1/runs/{flow}/{run}/parameters/{name}/rows"}
    gets = {p for p, methods in contract["paths"].items() if "get" in methods}
    assert gets - set(asked) - elsewhere - of_modules - binary == lists_have_no_rows


@pytest.mark.parametrize(
    "address, status",
    [
        ("runs/Failing/1", 404),
        ("runs/Faling/last", 404),
        ("runs/Failing/nonsense", 400),
        ("runs?state=sleeping", 400),
        ("runs?limit=0", 400),
        ("runs?sort=colour", 400),
        ("runs/Failing/last/tasks?sort=-colour", 400),
        ("runs/Failing/last/tasks/1/artifacts/items/rows?sort=name", 400),
        ("runs/Failing/last/tasks/1/artifacts/items/tree?at=x", 400),
        ("runs/Failing/last/tasks/1/artifacts/items/tree?at=99", 404),
        ("runs/Failing/last/tasks/1/artifacts/items/tree/search", 400),
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


FOUR_HUNDRED = """
from metaflow import FlowSpec, step
class Many(FlowSpec):
    @step
    def start(self):
        self.items = list(range(400))
        self.next(self.work, foreach="items")
    @step
    def work(self):
        i = self.input
        words = [chr(97 + i % 26) + chr(97 + i // 26), "/data/part-%d.csv" % i, "user %d" % i]
        if i < 55: text = "no rule for " + words[0]
        elif i < 200: text = "cannot read '%s': row %d" % (words[1], i)
        elif i < 300: text = "%s has no rating" % words[2]
        else: text = "took %d ms" % i
        exec("raise ValueError(text)")
        self.next(self.join)
    @step
    def join(self, inputs):
        self.next(self.end)
    @step
    def end(self):
        pass
if __name__ == "__main__":
    Many()
"""


def test_four_hundred_failures_of_few_kinds_add_up(home):
    file = home.folder / "many.py"
    file.write_text(FOUR_HUNDRED)
    home.run("backlot", "run", file, "--keep-going", "--max-num-splits", "400", check=False)
    run = home.runs("Many")[0]
    assert run["tasks_failed"] == 400
    server = Server(home)
    details = server.get(f"runs/{run['pathspec']}")
    groups, more = details["failures"], details["failures_more"]
    assert [group["count"] for group in groups] == [145, 100, 100] + [1] * 47
    assert (more["groups"], more["tasks"]) == (8, 8)
    assert not any(group.get("whole_message") for group in groups)
    shown = home.run("backlot", "show", run["pathspec"], "--json").stdout
    failures = json.loads(shown)["failures"]
    assert [kind["tasks"] for kind in failures["kinds"]] == [group["count"] for group in groups]
    assert (failures["more_kinds"], failures["more_tasks"]) == (8, 8)
    assert "and 8 more in 8 groups" in home.run("backlot", "show", run["pathspec"]).stdout
    assert server.stop() == 0


def test_signatures_of_an_older_version_stay_and_say_so(home):
    home.start(FIXTURE, home.environment["BACKLOT_HOME"], 1, 3000).wait()
    server = Server(home)
    run = server.get("runs?tag=large")["runs"][0]
    groups = server.get(f"runs/{run['pathspec']}")["failures"]
    assert [(group["count"], group["whole_message"]) for group in groups] == [(run["tasks_failed"], True)]
    assert "older version" in home.run("backlot", "show", run["pathspec"]).stdout
    assert server.stop() == 0


def test_values_are_exact(home):
    for _ in range(2):
        home.run("backlot", "run", pathlib.Path(__file__).parent / "exact.py")
    server = Server(home)
    run, other = (r["pathspec"] for r in home.runs("Exact"))

    def value(name):
        status, _, body = server.ask("GET", f"/api/v1/runs/{run}/tasks/1/artifacts/{name}")
        assert status == 200, body
        return body.decode().split('"preview":')[1], json.loads(body)["preview"]

    for name, text in (("odd", "9007199254740993"), ("unsigned", "12345678901234567890"), ("zero", "-0.0"), ("one", "1.0")):
        assert value(name)[0].startswith('{"kind":"value","value":%s,' % text)
    assert value("beyond")[1]["value"] == {"$int": str(2**70 + 1)}
    assert value("nothing")[1]["value"] == {"$float": "NaN"}
    assert value("raw")[1]["value"] == {"$bytes": "AGE="}
    mixed = [9007199254740993, {"$float": "Infinity"}, -0.0, "NaN", 1.0, {"$map": [["$float", "no"]]}]
    assert value("mixed")[1]["value"] == mixed
    rows = server.get(f"runs/{run}/tasks/1/artifacts/ints/rows")["rows"]
    assert rows == [[9007199254740993], [-9223372036854775808]]
    address = f"runs/{run}/tasks/1/artifacts"
    assert server.get(f"{address}/ints/rows?sort=0")["rows"] == [[-9223372036854775808], [9007199254740993]]
    assert [leaf.get("value") for leaf in server.get(f"{address}/mixed/tree")["members"]] == mixed[:5] + [None]
    complex_rows = server.get(f"runs/{run}/tasks/1/artifacts/complex/rows")["rows"]
    assert complex_rows == [[{"$complex": [1.0, 2.0]}, {"$complex": [{"$float": "NaN"}, 0.0]}]]
    compared = server.get(f"compare?a={run}&b={other}")["parameters"]
    number = next(parameter for parameter in compared if parameter["name"] == "number")
    assert number["a"]["value"] == 9007199254740993
    parameters = {p["name"]: p["value"] for p in server.get(f"runs/{run}")["parameters"]}
    assert parameters["number"] == 9007199254740993
    assert server.stop() == 0


def test_each_part_of_a_page_fails_alone(contract, home):
    home.failing()
    home.mended.touch()
    home.run("backlot", "rerun", home.runs("Failing")[0]["pathspec"], "--failed")
    run = home.runs("Failing")[0]["pathspec"]
    server = Server(home)
    join = next(t["task"] for t in server.get(f"runs/{run}/tasks?step=join")["tasks"])
    address = f"runs/{run}/tasks/{join}"
    for blob in (home.folder / "home" / "store").rglob("*"):
        if blob.is_file() and blob.name != "format":
            blob.unlink()
    task = server.get(address)
    validate(contract, "/api/v1/runs/{flow}/{run}/tasks/{task}", "get", 200, json.dumps(task).encode())
    broken = [artifact["name"] for artifact in task["artifacts"] if "trouble" in artifact]
    assert broken and "before" in task and task["before"], task
    for name in broken:
        assert "fsck" in next(a for a in task["artifacts"] if a["name"] == name)["trouble"]["hint"]
        artifact = server.get(f"{address}/artifacts/{name}")
        validate(contract, "/api/v1/runs/{flow}/{run}/tasks/{task}/artifacts/{name}", "get", 200, json.dumps(artifact).encode())
        assert artifact["troubles"]["preview"]["hint"] and artifact["preview"]["kind"] == "none"
    assert server.get(address + "/log?before=end")["lines"]
    assert server.get(f"runs/{run}")["steps"]
    assert server.stop() == 0


def test_progress_counts_what_will_run_and_never_falls(home):
    process = home.start(PROGRAMS / "chaos", "run", "Chaos", "--items", json.dumps(["sleep:0.2"] * 12), "--max-workers", "2", "--quiet")
    server = Server(home)
    seen = []
    while process.poll() is None:
        for run in server.get("runs?flow=Chaos")["runs"]:
            details = server.get(f"runs/{run['pathspec']}")
            seen.append((details["tasks_done"], details["progress"]["total"], details["progress"]["at_least"], details))
        time.sleep(0.05)
    last = server.get(f"runs/{home.runs('Chaos')[0]['pathspec']}")
    seen.append((last["tasks_done"], last["progress"]["total"], last["progress"]["at_least"], last))
    for before, after in zip(seen, seen[1:]):
        assert before[0] <= after[0] and before[1] <= after[1]
    assert last["progress"] == {"total": last["tasks"], "at_least": False}
    opened = [s for s in seen if s[3]["state"] == "running" and any(step["step"] == "work" for step in s[3]["steps"])]
    assert opened
    for _, total, at_least, details in opened:
        assert (total, at_least) == (last["tasks"], False)
        work = next(step for step in details["steps"] if step["step"] == "work")
        assert work["ready"] == 12 - work["done"] - work["running"] - work["failed"]
        assert sum(group["tasks"] for group in details["waiting"]) == sum(step["ready"] for step in details["steps"])
    assert server.stop() == 0


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


def test_lists_stand_in_the_order_that_is_asked_for(server, shared_home):
    done = shared_home.done
    took = lambda tasks: [task["seconds"] for task in tasks]  # noqa: E731
    first = server.get(f"runs/{done}/tasks?sort=-took&limit=2")
    rest = server.get(f"runs/{done}/tasks?sort=-took&limit=50&after={first['after']}")
    everything = took(first["tasks"] + rest["tasks"])
    assert everything == sorted(everything, reverse=True) and "after" not in rest
    assert len(everything) == len(server.get(f"runs/{done}/tasks")["tasks"])
    by_state = server.get("runs?sort=state&limit=1")
    assert [by_state["runs"][0]["state"], server.get(f"runs?sort=state&before={by_state['before']}")["runs"][0]["state"]] == ["done", "failed"]


def test_rows_are_sorted_and_paged_by_columns(server, shared_home):
    join = server.get(f"runs/{shared_home.done}/tasks?step=join")["tasks"][0]["task"]
    artifacts = f"runs/{shared_home.done}/tasks/{join}/artifacts"
    sorted_table = server.get(f"{artifacts}/table/rows?sort=-1")
    assert sorted_table["numbers"] == [1, 0] and [row[1] for row in sorted_table["rows"]] == [2, 1]
    page = server.get(f"{artifacts}/matrix/rows?column=98&columns=5&sort=-0")
    assert page["columns"] == ["98", "99"] and page["total_columns"] == 100
    assert page["numbers"] == [2, 1, 0] and page["rows"][0] == [298 / 8, 299 / 8]


def test_a_value_of_any_size_is_a_tree(server, shared_home):
    join = server.get(f"runs/{shared_home.done}/tasks?step=join")["tasks"][0]["task"]
    large = f"runs/{shared_home.done}/tasks/{join}/artifacts/large"
    assert server.get(large)["preview"] == {"kind": "tree"}
    page = server.get(large + "/tree?from=15000&limit=1")
    assert page["total"] == 20000 and page["members"] == [{"key": "key 15000", "kind": "map", "size": 2}]
    [found] = server.get(large + "/tree/search?q=NEEDLE")["matches"]
    assert found["keys"] == ["key 15000", "text"] and found["at"][0] == 15000
    at = ".".join(map(str, found["at"][:-1]))
    branch = server.get(f"{large}/tree?at={at}")
    assert branch["keys"] == ["key 15000"] and branch["members"][1]["value"] == "needle"


def test_deleting_is_confirmed_by_its_numbers(contract, home):
    home.run("chaos", "run", "Chaos", "--quiet")
    home.run("chaos", "run", "Chaos", "--quiet")
    going, staying = [run["pathspec"] for run in home.runs("Chaos")]
    server = Server(home, BACKLOT_READER_TOKEN="look", BACKLOT_TOKEN="do-anything")
    ask = lambda body, token="do-anything": server.ask("POST", "/api/v1/delete", body, X_Backlot="1", Authorization="Bearer " + token)  # noqa: E731
    assert ask({"runs": [going]}, "look")[0] == 403
    status, _, body = ask({"runs": [going]})
    validate(contract, "/api/v1/delete", "post", status, body)
    told = json.loads(body)
    assert told["runs"][0]["pathspec"] == going and told["clones"] == []
    assert len(home.runs("Chaos")) == 2
    confirm = {"runs": 1, "bytes": told["bytes"], "clones": 0}
    assert ask({"runs": [going], "confirm": {**confirm, "clones": 1}})[0] == 409
    assert ask({"runs": ["Chaos"], "confirm": confirm})[0] == 400
    status, _, body = ask({"runs": [going], "confirm": confirm})
    validate(contract, "/api/v1/delete", "post", status, body)
    assert json.loads(body) == {"removed": [going]}
    assert [run["pathspec"] for run in home.runs("Chaos")] == [staying]
    assert ask({"runs": [going]})[0] == 404
    assert server.stop() == 0
    # The command beside the button.
    assert home.run("backlot", "gc", "--run", going, check=False).returncode != 0
    assert "removed 1 run" in home.run("backlot", "gc", "--all-users", "--run", staying).stdout
    assert home.run("backlot", "list", "Chaos", check=False).returncode != 0
