"""Nobody blocks everybody: long work is held at gates, and what is quick is answered before any gate opens. Nothing here
looks at a clock; a request that waits for a gate runs into the time limit of its socket."""

import fcntl
import http.client
import json
import os
import pathlib
import socket

import pytest
from served import Home, Server
from live_test import Stream, wait_for

LARGE = """
import sys
from metaflow import FlowSpec, step

class Large(FlowSpec):
    @step
    def start(self):
        self.data = bytes(range(256)) * (128 << 10)
        self.next(self.end)

    @step
    def end(self):
        for i in range(60000):
            print("line", i, "x" * 60)
        print("to stderr, half a line", end="", file=sys.stderr)
        raise RuntimeError("enough")

if __name__ == "__main__":
    Large()
"""
DOWNLOADS = 16  # at once


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("large"))
    (home.folder / "large.py").write_text(LARGE)
    home.run("backlot", "run", home.folder / "large.py", check=False)
    home.pathspec = home.runs("Large")[0]["pathspec"]
    home.log = f"/api/v1/runs/{home.pathspec}/tasks/2/log/text"
    home.data = f"/api/v1/runs/{home.pathspec}/tasks/1/artifacts/data/content"
    return home


def begin(server, path, method="GET", body=None):
    """A request whose answer nobody reads."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    text = json.dumps(body) if body is not None else ""
    connection.sendall(
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nX-Backlot: 1\r\nAuthorization: Bearer {server.token}\r\nContent-Length: {len(text)}\r\n\r\n{text}".encode()
    )
    return connection


def assert_others_are_answered(server, run):
    stream = Stream(server, f"run/{run}@0")
    assert next(iter(stream))[0] == "run"
    for path in ("status", "runs", f"runs/{run}", f"runs/{run}/tasks", f"runs/{run}/columns", "flows", "runs?q=line"):
        server.get(path)
    assert server.ask_as_stranger("GET", "/healthz")[2] == b"ok\n"
    stream.close()


def test_downloads_that_nobody_reads_hold_up_nobody_and_are_bounded(large):
    server = Server(large)
    held = []
    for _ in range(DOWNLOADS):
        held.append(begin(server, large.data))
        assert held[-1].recv(12) == b"HTTP/1.1 200"
    assert_others_are_answered(server, large.pathspec)
    status, headers, _ = server.ask("GET", large.log)
    assert status == 503 and headers["retry-after"]
    for connection in held:
        connection.close()
    wait_for(lambda: server.ask("GET", large.log)[0] == 200)
    assert server.stop() == 0


def test_logs_and_blobs_that_do_not_come_hold_up_nobody(large, tmp_path):
    home = Home(tmp_path)
    home.environment["BACKLOT_HOME"] = str(tmp_path / "copy")
    os.system(f"cp -r {large.environment['BACKLOT_HOME']} {tmp_path / 'copy'}")
    segments = list((tmp_path / "copy" / "runs" / large.pathspec / "log").iterdir())
    kept = tmp_path / "kept"
    segments[0].rename(kept)
    os.mkfifo(segments[0])
    server = Server(home)
    held = [begin(server, large.log) for _ in range(3)]
    held += [begin(server, large.log.replace("/text", "")) for _ in range(3)]  # windows
    assert_others_are_answered(server, large.pathspec)
    segments[0].unlink()
    kept.rename(segments[0])
    assert len(server.ask("GET", large.log)[2]) > 1000  # the gate is gone for those who come now
    assert len(held) == 6 and server.stop() == 0  # those who wait do not keep it from ending


def test_a_locked_catalog_holds_up_no_reader(large):
    server = Server(large)
    lock = next(p for p in pathlib.Path(large.environment["BACKLOT_HOME"]).iterdir() if p.name == "catalog.sqlite.lock")
    with lock.open("r+") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        held = [begin(server, f"/api/v1/runs/{large.pathspec}/tags", "POST", {"add": [f"t{i}"]}) for i in range(8)]
        assert_others_are_answered(server, large.pathspec)
        for connection in held:
            connection.setblocking(False)
            with pytest.raises(BlockingIOError):
                connection.recv(1)
    for connection in held:
        connection.setblocking(True)
        assert connection.recv(12) == b"HTTP/1.1 200"
    assert server.stop() == 0


def test_a_resume_that_hangs_holds_up_nobody(home):
    gate = home.folder / "gate"
    os.mkfifo(gate)
    flow = home.folder / "hangs.py"
    flow.write_text("import os, sys\nif 'resume' in sys.argv: open(os.environ['GATE']).read()\n" + LARGE.replace("60000", "3"))
    home.environment["GATE"] = str(gate)
    home.run("backlot", "run", flow, check=False)
    run = home.runs("Large")[0]["pathspec"]
    server = Server(home)
    held = [begin(server, f"/api/v1/runs/{run}/resume", "POST", {}) for _ in range(3)]
    assert_others_are_answered(server, run)
    assert len(held) == 3
    with gate.open("w"):
        pass
    assert server.stop() == 0


def test_a_download_is_what_the_command_prints(large):
    server = Server(large)
    for options, query in (((), ""), (("--stream", "err"), "?stream=err"), (("--attempt", "0"), "?attempt=0")):
        printed = large.run("backlot", "logs", f"{large.pathspec}/end/2", *options).stdout
        status, headers, body = server.ask("GET", large.log + query)
        is_same = body.decode() == printed  # pytest would compare megabytes line by line
        assert status == 200 and is_same and (query == "?stream=err" or headers["transfer-encoding"] == "chunked")
    connection = server.connection()  # one connection, several downloads
    for _ in range(3):
        connection.request("GET", large.data, headers={"Authorization": f"Bearer {server.token}"})
        is_same = connection.getresponse().read() == bytes(range(256)) * (128 << 10)
        assert is_same
    old = socket.create_connection(("127.0.0.1", server.port), timeout=30)  # who knows no chunks
    old.sendall(f"GET {large.data} HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer {server.token}\r\n\r\n".encode())
    answer = b"".join(iter(lambda: old.recv(1 << 20), b""))
    head, body = answer.split(b"\r\n\r\n", 1)
    is_same = body == bytes(range(256)) * (128 << 10)
    assert b"chunked" not in head and is_same
    assert server.stop() == 0


def test_what_goes_meanwhile_does_not_look_whole(large, tmp_path):
    home = Home(tmp_path)
    home.environment["BACKLOT_HOME"] = str(tmp_path / "copy")
    os.system(f"cp -r {large.environment['BACKLOT_HOME']} {tmp_path / 'copy'}")
    segment = next((tmp_path / "copy" / "runs" / large.pathspec / "log").iterdir())
    os.truncate(segment, segment.stat().st_size // 2)
    server = Server(home)
    with pytest.raises(http.client.IncompleteRead):
        server.ask("GET", large.log)
    segment.unlink()
    status, _, body = server.ask("GET", large.log)  # nothing went out yet: it can still be said
    assert status >= 400 and json.loads(body)["error"]["hint"]
    server.get("status")
    assert server.stop() == 0


def test_a_server_ends_while_downloads_are_held(large):
    server = Server(large)
    held = [begin(server, large.data) for _ in range(4)]
    for connection in held:
        assert connection.recv(12) == b"HTTP/1.1 200"
    assert server.stop() == 0
