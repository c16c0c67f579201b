"""What comes over a socket, meant well or not."""

import base64
import gzip
import hashlib
import json
import pathlib
import re
import resource
import socket
import time

import pytest
from served import HOSTILE, Server


def raw(server, data, wait=5):
    """What the server sends back to these bytes, until it closes or falls silent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=wait) as connection:
        connection.sendall(data)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except (TimeoutError, ConnectionResetError):
            pass
        return answer


@pytest.mark.parametrize(
    "data, status",
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 400),
        (b"GET relative HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400),
        (b"GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400),
        (b"GET /%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400),
        (b"GET /%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400),
        (b"GET /assets/..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 401),
        (b"GET /api/v1/status HTTP/1.1\r\nConnection: close\r\n\r\n", 403),
        (b"GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n", 403),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20000 + b"\r\n\r\n", 431),
        (b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n", 413),
        (b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: identity\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:80@evil\r\nConnection: close\r\n\r\n", 403),
        (b"GET /healthz HTTP/1.1\r\nHost: [::1]evil.example\r\nConnection: close\r\n\r\n", 403),
        (b"GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    ],
)
def test_malformed_requests_are_refused(server, data, status):
    answer = raw(server, data)
    assert answer.split(b" ")[1] == str(status).encode(), answer[:300]
    assert b"root:" not in answer
    assert server.get("status")["version"]


def test_a_slow_client_holds_up_nobody(server):
    with socket.create_connection(("127.0.0.1", server.port)) as slow:
        slow.sendall(b"GET /api/v1/status HTTP/1.1\r\nHost: local")
        begin = time.monotonic()
        for _ in range(20):
            server.get("status")
        assert time.monotonic() - begin < 20


def is_closed(connection):
    """Whether the server has ended it."""
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def test_a_client_that_sends_half_of_many_requests_keeps_out_nobody(home):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    server = Server(home)
    half = []
    for _ in range(1010):
        half.append(socket.create_connection(("127.0.0.1", server.port), timeout=20))
        half[-1].sendall(b"GET /api/v1/status HTTP/1.1\r\nHost: local")
    server.get("status")
    for connection in half[:20]:  # the longest silent ones have made room
        assert is_closed(connection)
    assert not any(is_closed(connection) for connection in half[-200:])
    # One that asks again and again is not taken for a silent one.
    keeping = server.connection()
    for _ in range(100):
        keeping.request("GET", "/healthz")
        assert keeping.getresponse().read() == b"ok\n"
        half.append(socket.create_connection(("127.0.0.1", server.port), timeout=20))
        half[-1].sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n{")
    limits = pathlib.Path(f"/proc/{server.process.pid}/limits").read_text()
    soft, hard = re.search(r"Max open files\s+(\d+)\s+(\d+)", limits).groups()
    assert soft == hard
    assert server.stop() == 0


def test_a_connection_serves_many_requests(server):
    connection = server.connection()
    for _ in range(50):
        connection.request("GET", "/healthz")
        assert connection.getresponse().read()
    sock = connection.sock
    connection.request("GET", "/healthz")
    connection.getresponse().read()
    assert connection.sock is sock


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_forged_hosts_are_refused(server, host):
    status, _, body = server.ask("GET", "/api/v1/runs", Host=host)
    assert status in (400, 403) and b"runs" not in body


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Backlot": "1", "Origin": "http://evil.example"},
        {"X_Backlot": "1", "Origin": "null"},
        {"X_Backlot": "1", "Sec_Fetch_Site": "cross-site"},
        {"X_Backlot": "1", "Sec_Fetch_Site": "same-site"},
        {"Content_Type": "application/x-www-form-urlencoded"},
    ],
)
def test_forged_requests_change_nothing(server, shared_home, headers):
    before = server.get(f"runs/{shared_home.done}")["tags"]
    status, _, _ = server.ask("POST", f"/api/v1/runs/{shared_home.done}/tags", {"add": ["forged"]}, **headers)
    assert status == 403
    assert server.get(f"runs/{shared_home.done}")["tags"] == before


def test_every_answer_carries_its_shields(server, shared_home):
    for path in ("/api/v1/status", "/api/v1/nothing", f"/api/v1/runs/{shared_home.done}/tasks/1/artifacts/items/content"):
        _, headers, _ = server.ask("GET", path)
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cross-origin-resource-policy"] == "same-origin"


def test_artifacts_are_attachments_and_cards_are_in_a_sandbox(server, shared_home):
    join = server.get(f"runs/{shared_home.done}/tasks?step=join")["tasks"][0]["task"]
    card = f"/api/v1/runs/{shared_home.done}/tasks/{join}/artifacts/card"
    _, headers, body = server.ask("GET", card + "/content")
    assert headers["content-disposition"].startswith("attachment") and headers["content-type"].startswith("text/plain")
    assert body.startswith(b"<!doctype html>")
    _, headers, body = server.ask("GET", card + "/card")
    policy = headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts;") and "allow-same-origin" not in policy
    assert "connect-src 'none'" in policy and "webrtc 'block'" in policy and headers["x-dns-prefetch-control"] == "off"
    scripts = re.search(r"script-src ([^;]*);", policy).group(1).split()
    # Ours stands before all that the page says, for a policy of its own would stop it.
    ours = re.match(rb"<!doctype html><script>(.*?)</script>", body, re.S).group(1)
    assert scripts == [f"'sha256-{base64.b64encode(hashlib.sha256(ours).digest()).decode()}'"]
    # Those of its author run in a frame of ours only, after a click: nothing else can ask so.
    frame = {"Sec_Fetch_Dest": "iframe", "Sec_Fetch_Site": "same-origin"}
    assert "script-src 'unsafe-inline'" in server.ask("GET", card + "/card?scripts=author", **frame)[1]["content-security-policy"]
    for other in ({}, {**frame, "Sec_Fetch_Dest": "document"}, {"Sec_Fetch_Dest": "iframe"}):
        assert "unsafe" not in server.ask("GET", card + "/card?scripts=author", **other)[1]["content-security-policy"].replace("style-src 'unsafe-inline'", "")
    assert server.ask("GET", card + "/card?scripts=author", **{**frame, "Sec_Fetch_Site": "cross-site"})[0] == 403
    status, _, _ = server.ask("GET", card.replace("/card", "/words") + "/card")
    assert status == 400


def test_ranges_tags_and_compression(server, shared_home):
    path = f"/api/v1/runs/{shared_home.failed}/tasks/3/log/text"
    _, headers, whole = server.ask("GET", path)
    assert headers["accept-ranges"] == "bytes" and len(whole) > 100
    status, headers, part = server.ask("GET", path, Range="bytes=5-9")
    assert (status, part, headers["content-range"]) == (206, whole[5:10], f"bytes 5-9/{len(whole)}")
    assert server.ask("GET", path, Range="bytes=-4")[2] == whole[-4:]
    assert server.ask("GET", path, Range="bytes=10-")[2] == whole[10:]
    assert server.ask("GET", path, Range=f"bytes={len(whole)}-")[0] == 416
    assert server.ask("GET", path, Range="bytes=9-5")[0] == 200
    assert server.ask("GET", path, Range="bytes=0-1,4-5")[2] == whole
    status, headers, body = server.ask("HEAD", path)
    assert (status, body) == (200, b"")
    run = f"/api/v1/runs/{shared_home.done}"
    _, headers, plain = server.ask("GET", run)
    status, _, body = server.ask("GET", run, If_None_Match=headers["etag"])
    assert (status, body) == (304, b"")
    status, headers, body = server.ask("GET", run, Accept_Encoding="gzip")
    assert headers["content-encoding"] == "gzip" and gzip.decompress(body) == plain
    assert "content-encoding" not in server.ask("GET", run, Accept_Encoding="gzip;q=0")[1]
    status, headers, _ = server.ask("DELETE", "/api/v1/runs")
    assert status == 403
    status, headers, _ = server.ask("DELETE", "/api/v1/runs", X_Backlot="1")
    assert (status, headers["allow"]) == (405, "GET")


def test_wrong_options_are_refused(home):
    for words in (["--port", "70000"], ["--address", "nowhere"], ["--console", "/nowhere"], ["--prot", "1"], ["--trusted-proxy", "nowhere"], ["--allow-host", "a@b"]):
        done = home.run("backlot", "serve", "--port", "0", *words, check=False)
        assert done.returncode in (1, 2) and done.stderr.startswith("backlot: "), (words, done.stderr)


def test_a_taken_port_is_said(home, server):
    done = home.run("backlot", "serve", "--port", server.port, check=False)
    assert done.returncode == 1 and "another --port" in done.stderr


def test_metrics_are_what_prometheus_reads(server):
    status, headers, body = server.ask("GET", "/metrics")
    assert status == 200 and headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in body.decode().splitlines() if not line.startswith("#")]
    values = {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines}
    assert values['backlot_http_requests_total{status="2xx"}'] > 0
    assert values['backlot_http_request_seconds_bucket{le="+Inf"}'] == values["backlot_http_request_seconds_count"]


def test_hostile_texts_stay_texts(server, shared_home):
    run = server.get(f"runs/{shared_home.failed}")
    assert run["parameters"][0]["value"] == HOSTILE or HOSTILE in [p["value"] for p in run["parameters"]]
    for path in (f"runs/{shared_home.failed}", f"runs/{shared_home.failed}/tasks"):
        _, headers, _ = server.ask("GET", "/api/v1/" + path)
        assert headers["content-type"] == "application/json"


