"""Runs that go on: what the stream tells, what can be asked of them, and what a dying server takes with it: nothing."""

import json
import signal
import threading
import time

import pytest
from served import FIXTURE, PROGRAMS, Server


class Stream:
    """Reads server-sent events."""

    def __init__(self, server, *topics, last=None, headers=None):
        self.connection = server.connection()
        headers = headers or {"Authorization": f"Bearer {server.token}", **({"Last-Event-ID": last} if last else {})}
        self.connection.request("GET", "/api/v1/events?" + "&".join("topic=" + t for t in topics), headers=headers)
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200, self.answer.read()
        assert self.answer.getheader("content-type") == "text/event-stream"

    def __iter__(self):
        event = {}
        while line := self.answer.readline().decode().rstrip("\n"):
            if line.startswith(":"):
                self.answer.readline()
                continue
            while line:
                name, value = line.split(": ", 1)
                event[name] = value
                line = self.answer.readline().decode().rstrip("\n")
            yield event["event"], event["id"], json.loads(event["data"])
            event = {}

    def close(self):
        self.connection.close()


def wait_for(what, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come about")


def live_run(home, rate, seconds):
    """The process that goes on with a run, and the run: as many tasks as that takes and one."""
    process = home.start(FIXTURE, home.environment["BACKLOT_HOME"], "live", rate, seconds, stdout=-1)
    return process, process.stdout.readline().strip()


def states(server, run):
    """Task number -> state, as the columns have it."""
    columns = server.get(f"runs/{run}/columns")
    numbers, number = [], 0
    for difference in columns["numbers"]:
        number += difference
        numbers.append(number)
    return dict(zip(numbers, map(int, columns["state"]), strict=True))


def test_what_the_stream_tells_is_the_exact_state_also_after_the_server_was_killed(home):
    process, run = live_run(home, 300, 3)
    server = Server(home)
    seen, at, state, times = {}, None, None, []
    killed = False
    while state != "done":
        stream = Stream(server, f"run/{run}@0", last=at)
        try:
            for event, at, data in stream:
                assert event == "run" and at == f"run/{run}@{data['cursor']}"
                times.append(time.monotonic())
                seen.update({change[0]: change[2] for change in data["tasks"]})
                state = data["run"]["state"]
                if state == "done":
                    break
                if not killed and len(seen) > 100:
                    killed = True
                    server.kill()
        except (OSError, ValueError):
            pass
        stream.close()
        if state != "done" and server.process.poll() is not None:
            server = Server(home, port=server.port)
    assert process.wait() == 0 and killed
    assert seen == states(server, run) and len(seen) == 901
    # No more than four a second.
    assert len(times) <= 4 * (times[-1] - times[0]) + 4
    assert server.stop() == 0


def test_far_behind_means_asking_anew(home):
    home.start(FIXTURE, home.environment["BACKLOT_HOME"], 1, 6000).wait()
    server = Server(home)
    run = server.get("runs?tag=large")["runs"][0]["pathspec"]
    event, _, data = next(iter(Stream(server, f"run/{run}@0")))
    assert data["reload"] and "tasks" not in data and data["run"]["state"] == "failed"
    event, _, data = next(iter(Stream(server, "runs@of-another-life.7")))
    assert (event, data["reload"]) == ("runs", True)
    assert server.stop() == 0


def test_the_list_of_runs_tells_new_changed_and_removed_ones(home):
    home.run("chaos", "run", "Chaos", "--quiet")
    old = home.runs("Chaos")[0]["pathspec"]
    server = Server(home)
    stream = iter(Stream(server, "runs@" + server.get("runs")["cursor"]))
    home.run("chaos", "run", "Chaos", "--quiet")
    _, _, data = next(stream)
    while data["runs"][0]["state"] != "done":
        _, _, data = next(stream)
    assert [run["pathspec"] for run in data["runs"]] != [old]
    home.run("backlot", "tag", old, "kept")
    _, _, data = next(stream)
    assert [(run["pathspec"], run["tags"]) for run in data["runs"]] == [(old, ["kept"])]
    assert server.stop() == 0


def test_a_live_run_is_cancelled_and_tagged_by_requests(home):
    process = home.start(PROGRAMS / "chaos", "run", "Chaos", "--items", '["sleep:30"]', "--quiet")
    server = Server(home)
    run = wait_for(lambda: server.get("runs?state=running")["runs"])[0]["pathspec"]
    status, _, body = server.post(f"runs/{run}/tags", {"add": ["watched"]})
    assert (status, json.loads(body)) == (202, {"done": "requested"})
    wait_for(lambda: server.get(f"runs/{run}")["tags"] == ["watched"])
    assert server.post(f"runs/{run}/cancel", {})[0] == 202
    assert process.wait(timeout=20) != 0
    assert server.get(f"runs/{run}")["state"] == "cancelled"
    assert server.post(f"runs/{run}/cancel", {})[0] == 409
    status, _, body = server.post(f"runs/{run}/tags", {"remove": ["watched"], "add": ["over"]})
    assert (status, json.loads(body)) == (200, {"done": "now"})
    assert server.get(f"runs/{run}")["tags"] == ["over"]
    assert server.stop() == 0


def test_a_change_is_made_to_the_run_that_is_meant_or_to_none(home):
    home.run("chaos", "run", "Chaos", "--quiet")
    seen = home.runs("Chaos")[0]["pathspec"]
    server = Server(home)
    home.run("chaos", "run", "Chaos", "--quiet")
    last = home.runs("Chaos")[0]["pathspec"]
    for what in ("cancel", "resume", "tags"):
        status, _, body = server.post(f"runs/Chaos/last/{what}", {})
        assert status == 400 and last in json.loads(body)["error"]["hint"]
        for address in ("Chaos/last", last):
            status, _, body = server.post(f"runs/{address}/{what}", {"run": seen})
            assert status == 409 and f"is now {last}, not {seen}" in json.loads(body)["error"]["message"]
        assert server.post(f"runs/{last}/{what}", {"run": 7})[0] == 400
    assert server.post("runs/Chaos/last/tags", {"run": last, "add": ["meant"]})[0] == 200
    assert [run["tags"] for run in home.runs("Chaos")] == [["meant"], []]
    assert server.stop() == 0


@pytest.mark.parametrize("body", [{"add": "text"}, {"add": [1]}, {"plus": []}, [], {"add": [""]}, {"add": ["\u0001"]}])
def test_wrong_bodies_are_refused(server, shared_home, body):
    status, _, answer = server.post(f"runs/{shared_home.done}/tags", body)
    assert status == 400 and json.loads(answer)["error"]["message"]


def test_a_resumed_run_outlives_the_server(home):
    home.run("chaos", "run", "Chaos", "--items", '["ok","sleep:2","throw"]', "--quiet", check=False)
    failed = home.runs("Chaos")[0]["pathspec"]
    server = Server(home)
    status, _, body = server.post(f"runs/{failed}/resume", {"step": "work"})
    assert status == 201, body
    resumed = json.loads(body)["run"]
    assert resumed["origin"] == failed and resumed["state"] == "running"
    assert server.post(f"runs/{resumed['pathspec']}/resume", {})[0] == 409
    server.kill()
    wait_for(lambda: home.runs("Chaos")[0]["state"] != "running")
    last = home.runs("Chaos")[0]
    assert (last["pathspec"], last["state"], last["tasks_done"]) == (resumed["pathspec"], "failed", 3)


def test_a_python_run_is_resumed_with_its_own_code(home):
    failed = home.failing()
    (home.folder / "failing.py").write_text("raise SystemExit('this is not the code that ran')")
    home.mended.touch()
    server = Server(home)
    status, _, body = server.post(f"runs/{failed}/resume", {})
    assert status == 201, body
    resumed = json.loads(body)["run"]["pathspec"]
    assert wait_for(lambda: server.get(f"runs/{resumed}")["state"] != "running" and server.get(f"runs/{resumed}"))["state"] == "done"
    status, _, body = server.post(f"runs/{failed}/resume", {"step": "nowhere"})
    assert status == 404 and "nowhere" in body.decode()
    assert server.stop() == 0


def test_a_run_whose_scheduler_is_gone_is_lost(home):
    process = home.start(PROGRAMS / "chaos", "run", "Chaos", "--items", '["sleep:30"]', "--quiet")
    server = Server(home)
    run = wait_for(lambda: [r for r in server.get("runs?state=running")["runs"] if r["tasks"] > 1])[0]["pathspec"]
    stream = iter(Stream(server, f"run/{run}@0"))
    next(stream)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert any(data["run"]["state"] == "lost" for _, _, data in stream)
    details = server.get(f"runs/{run}")
    assert details["heartbeat"] and details["resume"]["command"].startswith("backlot rerun")
    assert [r["pathspec"] for r in server.get("runs?state=lost")["runs"]] == [run]
    assert server.stop() == 0


def test_killed_under_load_it_loses_nothing(home):
    process, run = live_run(home, 200, 4)
    server = Server(home)
    stopping = threading.Event()

    def hammer():
        while not stopping.is_set():
            try:
                server.get("runs")
                server.get(f"runs/{run}/columns")
                server.post(f"runs/{run}/tags", {"add": ["t"]})
            except (OSError, AssertionError, ValueError):
                time.sleep(0.01)

    threads = [threading.Thread(target=hammer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        time.sleep(0.5)
        server.kill()
        server = Server(home, port=server.port)
    assert process.wait() == 0
    stopping.set()
    for thread in threads:
        thread.join()
    assert len(states(server, run)) == 801 and set(states(server, run).values()) <= {2, 3}
    assert home.run("backlot", "fsck").returncode == 0
    assert server.stop() == 0


def test_it_ends_when_told_to_while_it_is_watched(home):
    home.run("chaos", "run", "Chaos", "--quiet")
    server = Server(home)
    streams = [Stream(server, "runs") for _ in range(20)]
    begin = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - begin < 5
    assert all(stream.answer.read() is not None for stream in streams)
