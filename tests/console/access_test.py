"""Who is let in: strangers, programs, browsers, and what each may do. Strong tokens are made by the tests themselves."""

import json
import os
import pathlib
import re
import secrets
import signal
import stat
import subprocess
import time

import pytest
from served import PROGRAMS, Server
from live_test import Stream, wait_for


def routes(server):
    """(method, path) of everything in the contract, with names of things that are there or not."""
    for path, methods in server.get("openapi.json")["paths"].items():
        for method in methods:
            if method in ("get", "post", "delete"):
                yield method.upper(), re.sub(r"\{[^}]*\}", "1", path)


def test_strangers_are_answered_three_things(server, shared_home):
    open_to_all = {("GET", "/healthz"), ("POST", "/api/v1/session")}
    asked = set(routes(server))
    assert len(asked) > 20 and open_to_all <= asked
    for method, path in asked:
        status, headers, body = server.ask_as_stranger(method, path, {}, X_Backlot="1")
        if (method, path) == ("GET", "/healthz"):
            assert (status, body) == (200, b"ok\n")
        else:
            assert status == 401 and headers["www-authenticate"] == "Bearer", (method, path, body)
    assert server.ask_as_stranger("GET", "/", Accept="text/html")[0] in (200, 401)  # without pages there are none
    assert server.ask_as_stranger("GET", "/api/v1/nothing")[0] == 401
    assert server.ask_as_stranger("GET", f"/api/v1/runs/{shared_home.done}", Accept="text/html")[0] == 401


def test_programs_use_the_socket_or_the_token_file(server):
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
    for name in ("token", "metrics-token"):
        assert stat.S_IMODE((server.folder / name).stat().st_mode) == 0o600
    done = subprocess.run(["curl", "-s", "--unix-socket", server.socket, "http://localhost/api/v1/status"], capture_output=True, text=True)
    assert json.loads(done.stdout)["role"] == "operator"
    assert server.get("status")["role"] == "operator"
    assert server.ask("GET", "/api/v1/runs", Authorization="Bearer wrong")[0] == 401


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another account")
def test_other_accounts_are_strangers_on_the_socket(home):
    server = Server(home)
    for folder in [server.folder, *server.folder.parents]:  # as if the folder had been opened
        os.chmod(folder, folder.stat().st_mode | 0o055) if str(folder).startswith(str(home.folder.parent)) else None
    os.chmod(server.socket, 0o777)
    words = ["setpriv", "--reuid=65534", "--clear-groups", "curl", "-s", "--unix-socket", server.socket, "http://localhost/api/v1/status"]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.stdout:  # else the folders above kept them out already
        assert "session" in json.loads(done.stdout)["error"]["message"]
    assert server.stop() == 0


def test_metrics_have_a_token_of_their_own(server):
    token = (server.folder / "metrics-token").read_text().strip()
    status, headers, body = server.ask("GET", "/metrics", Authorization=f"Bearer {token}")
    assert status == 200 and headers["content-type"].startswith("text/plain; version=0.0.4")
    assert server.ask("GET", "/api/v1/runs", Authorization=f"Bearer {token}")[0] == 403
    assert server.post("session", {"token": token})[0] == 403


def test_tokens_and_roles(home):
    server = Server(home, BACKLOT_TOKEN="op-secret", BACKLOT_READER_TOKEN="read;secret,\"")
    reader = {"Authorization": "Bearer read;secret,\""}
    assert server.ask("GET", "/api/v1/runs", **reader)[0] == 200
    cancel = "/api/v1/runs/Failing/1/cancel"
    assert server.ask("POST", cancel, {}, X_Backlot="1", **reader)[0] == 403
    assert server.ask("POST", cancel, {}, X_Backlot="1")[0] == 404
    assert server.post("session", {"token": "wrong"})[0] == 401
    status, headers, _ = server.post("session", {"token": "read;secret,\""})
    assert status == 204
    cookie = headers["set-cookie"].split(";")[0]
    assert cookie.startswith(f"backlot_{server.port}=") and "read" not in cookie
    assert "HttpOnly" in headers["set-cookie"] and "SameSite=Lax" in headers["set-cookie"]
    assert json.loads(server.ask_as_stranger("GET", "/api/v1/status", Cookie="a=b; " + cookie)[2])["role"] == "reader"
    assert server.ask_as_stranger("DELETE", "/api/v1/session", X_Backlot="1", Cookie=cookie)[0] == 204
    assert server.ask_as_stranger("GET", "/api/v1/status", Cookie=cookie)[0] == 401
    assert server.stop() == 0 and "a wrong token from 127.0.0.1" in server.complaints


def test_a_replaced_token_ends_its_sessions_and_streams(home):
    server = Server(home)
    old = server.token
    cookie = server.post("session", {"token": old})[1]["set-cookie"].split(";")[0]
    stream = Stream(server, "runs", headers={"Cookie": cookie})
    assert server.ask_as_stranger("GET", "/api/v1/status", Cookie=cookie)[0] == 200
    fresh = server.folder / "fresh"
    fresh.write_text(secrets.token_hex(16))
    fresh.rename(server.folder / "token")
    assert server.ask("GET", "/api/v1/status")[0] == 401
    assert server.ask_as_stranger("GET", "/api/v1/status", Cookie=cookie)[0] == 401
    server.token = (server.folder / "token").read_text()
    assert server.get("status")["role"] == "operator"
    home.run("chaos", "run", "Chaos", "--quiet")  # there is news, and it is not told
    assert not any(data["runs"] for _, _, data in stream if data.get("runs"))
    assert server.stop() == 0 and old not in server.complaints and server.token not in server.complaints


def test_sessions_outlive_the_server(home):
    server = Server(home)
    cookie = server.post("session", {"token": server.token})[1]["set-cookie"].split(";")[0]
    server.kill()
    server = Server(home, port=server.port)
    assert server.ask_as_stranger("GET", "/api/v1/status", Cookie=cookie)[0] == 200
    assert server.stop() == 0


def test_off_loopback_tokens_cannot_be_guessed(home):
    for name in ("BACKLOT_TOKEN", "BACKLOT_READER_TOKEN"):
        home.environment[name] = "open-sesame"
        done = home.run("backlot", "serve", "--port", "0", "--address", "0.0.0.0", check=False)
        assert done.returncode != 0 and "128 bits" in done.stderr and "open-sesame" not in done.stderr
        del home.environment[name]
    server = Server(home, "--address", "0.0.0.0")
    assert len(server.token) == 64
    assert server.ask_as_stranger("GET", "/api/v1/runs")[0] == 401
    assert server.ask("GET", "/api/v1/runs")[0] == 200
    assert server.ask("GET", "/api/v1/status", Host="evil.example")[0] == 403
    assert server.stop() == 0


def browser(home, body):
    """A $BROWSER that runs `body` with the file in $1, and what it leaves in the file `browsed`."""
    script = home.folder / "browser.sh"
    script.write_text("#!/bin/sh\n" + body)
    script.chmod(0o755)
    return script


def opened(home):
    page = (home.folder / "browsed").read_text() if (home.folder / "browsed").exists() else ""
    return re.search(r'action="([^"]+)".*name="secret" value="([0-9a-f]+)"', page, re.S)


def test_a_browser_is_opened_by_a_secret_that_is_good_once(home):
    look = f'stat -c %a "$1" >{home.folder}/mode; tr "\\0" " " </proc/$PPID/cmdline >{home.folder}/line; cp "$1" {home.folder}/copy; mv {home.folder}/copy {home.folder}/browsed'
    server = Server(home, "--console", os.environ["BACKLOT_CONSOLE"], browser=browser(home, look))
    address, secret = wait_for(lambda: opened(home)).groups()
    assert (home.folder / "mode").read_text() == "600\n" and secret not in (home.folder / "line").read_text()
    assert address == server.url + "api/v1/session"
    form = {"Origin": "null", "Content_Type": "application/x-www-form-urlencoded", "Sec_Fetch_Site": "cross-site"}

    def post(path, text, **headers):
        connection = server.connection()
        connection.request("POST", path, body=text, headers={k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        response.read()
        return response

    assert post("/api/v1/session", f"secret={secret}", **{**form, "Origin": "http://evil.example"}).status == 403
    assert post("/api/v1/runs/F/1/cancel", f"secret={secret}", **form).status == 403
    assert post("/api/v1/session", "secret=wrong", **form).status == 401
    first = post("/api/v1/session", f"secret={secret}", **form)
    assert (first.status, first.getheader("location")) == (303, "/")
    cookie = first.getheader("set-cookie").split(";")[0]
    assert json.loads(server.ask_as_stranger("GET", "/api/v1/status", Cookie=cookie)[2])["role"] == "operator"
    assert post("/api/v1/session", f"secret={secret}", **form).status == 401
    wait_for(lambda: not (server.folder / "open.html").exists())
    assert server.stop() == 0


def test_where_no_browser_comes_the_link_is_printed(home):
    for opener in ("/no/such/browser", browser(home, "exit 0")):
        server = Server(home, "--console", os.environ["BACKLOT_CONSOLE"], browser=opener)
        token = re.search(r"\?token=([0-9a-f]{64})", server.process.stdout.readline()).group(1)
        assert server.post("session", {"token": token})[0] == 204
        assert server.post("session", {"token": token})[0] == 401
        assert server.stop() == 0


def test_secrets_are_not_in_the_servers_memory_for_others(home):
    secret = secrets.token_hex(16)
    server = Server(home, BACKLOT_TOKEN=secret)
    try:
        environment = pathlib.Path(f"/proc/{server.process.pid}/environ").read_bytes()
    except PermissionError:
        environment = b""
    assert secret.encode() not in environment
    assert secret not in pathlib.Path(f"/proc/{server.process.pid}/cmdline").read_text()
    if os.geteuid() == 0:  # it is not dumpable: what it has in /proc is root's, whoever it runs as
        assert os.stat(f"/proc/{server.process.pid}/environ").st_uid == 0
    assert server.stop() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser may look at a process that is not dumpable")
def test_every_descriptor_of_the_server_is_closed_on_exec(home):
    home.run("chaos", "run", "Chaos", "--quiet")
    server = Server(home)
    streams = [Stream(server, "runs") for _ in range(3)]
    subprocess.run(["curl", "-s", "--unix-socket", server.socket, "http://localhost/api/v1/runs"], check=True, capture_output=True)
    kept = pathlib.Path(f"/proc/{server.process.pid}/fd")
    open_ones = {int(p.name): os.readlink(p) for p in kept.iterdir() if int(p.name) > 2}
    assert sum(file.startswith("socket:") for file in open_ones.values()) >= 5
    for number, file in open_ones.items():
        flags = re.search(r"flags:\s+(\d+)", pathlib.Path(f"/proc/{server.process.pid}/fdinfo/{number}").read_text()).group(1)
        assert int(flags, 8) & os.O_CLOEXEC, file
    assert len(streams) == 3 and server.stop() == 0


def test_a_proxy_is_believed_when_it_is_trusted(home):
    server = Server(home, "--trusted-proxy", "127.0.0.0/8", "--base-path", "/flows", "--allow-host", "flows.example")
    proxied = {"Host": "flows.example", "X_Forwarded_For": "203.0.113.7", "X_Forwarded_Proto": "https", "X_Backlot": "1"}
    own = {"Origin": "https://flows.example", **proxied}
    status, headers, _ = server.ask("POST", "/flows/api/v1/session", {"token": server.token}, **own)
    assert status == 204 and "Path=/flows/" in headers["set-cookie"] and "Secure" in headers["set-cookie"]
    assert server.ask("POST", "/api/v1/session", {"token": server.token}, **own)[0] == 204  # it may take the path off
    assert server.ask("POST", "/api/v1/session", {"token": "wrong"}, **own)[0] == 401
    assert server.ask("POST", "/api/v1/session", {"token": server.token}, **{**own, "Origin": "http://flows.example"})[0] == 403
    assert server.url.endswith("/flows/")
    assert server.stop() == 0 and "a wrong token from 203.0.113.7" in server.complaints
    plain = Server(home)
    assert plain.ask("POST", "/api/v1/session", {"token": "wrong"}, X_Backlot="1", X_Forwarded_For="203.0.113.7")[0] == 401
    assert plain.stop() == 0 and "203.0.113.7" not in plain.complaints


def test_links_from_elsewhere_lead_to_pages_and_not_to_the_api(home):
    server = Server(home, "--console", os.environ["BACKLOT_CONSOLE"])
    link = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Accept": "text/html"}
    status, headers, body = server.ask_as_stranger("GET", "/runs/F/7", **link)
    assert status == 200 and headers["content-type"].startswith("text/html") and b'<base href="/"' in body
    assert server.ask("GET", "/api/v1/runs", **link)[0] == 403
    assert server.ask("GET", "/api/v1/runs", Sec_Fetch_Site="none")[0] == 200
    assert server.stop() == 0


def test_the_server_can_be_told_to_end_while_it_opens_a_browser(home):
    server = Server(home, "--console", os.environ["BACKLOT_CONSOLE"], browser=browser(home, "exit 0"))
    server.process.send_signal(signal.SIGINT)
    begin = time.monotonic()
    assert server.process.wait(timeout=20) == 0 and time.monotonic() - begin < 20
    assert not server.folder.exists()  # its port was any: nobody will come back to it


def test_a_home_that_others_may_write_to_is_not_controlled(home):
    home.run("chaos", "run", "Chaos", "--items", '["throw"]', "--quiet", check=False)
    failed = home.runs("Chaos")[0]["pathspec"]
    root = pathlib.Path(home.environment["BACKLOT_HOME"])
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    server = Server(home)
    assert server.get("status")["controls"] and "trust" not in server.get("status")
    root.chmod(0o770)
    assert not server.get("status")["controls"]
    for what in ("resume", "cancel", "tags"):
        status, _, body = server.post(f"runs/{failed}/{what}", {})
        assert status == 403 and "--trust-group" in json.loads(body)["error"]["hint"], body
    assert len(home.runs("Chaos")) == 1
    assert server.stop() == 0
    server = Server(home, "--trust-group")
    assert server.get("status")["controls"] and "code of the group" in server.get("status")["trust"]
    assert server.post(f"runs/{failed}/tags", {"add": ["t"]})[0] == 200
    root.chmod(0o777)
    assert server.post(f"runs/{failed}/tags", {"add": ["u"]})[0] == 403
    assert server.stop() == 0


SPY = """
import json, os
from metaflow import FlowSpec, step

class Spy(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        if not os.path.exists(os.environ["MENDED"]):
            raise RuntimeError("not yet")

if __name__ == "__main__":
    import sys
    if "resume" in sys.argv:
        files = {}
        for number in os.listdir("/proc/self/fd"):
            try:
                files[number] = os.readlink("/proc/self/fd/" + number)
            except OSError:
                pass
        with open(os.environ["MENDED"] + ".spied", "w") as file:
            json.dump({"environment": dict(os.environ), "files": files}, file)
    Spy()
"""


def test_a_resumed_run_gets_neither_secrets_nor_sockets_of_the_server(home):
    (home.folder / "spy.py").write_text(SPY)
    home.run("backlot", "run", home.folder / "spy.py", check=False)
    failed = home.runs("Spy")[0]["pathspec"]
    home.mended.touch()
    secret = {name: secrets.token_hex(16) for name in ("BACKLOT_TOKEN", "BACKLOT_READER_TOKEN", "BACKLOT_METRICS_TOKEN")}
    server = Server(home, **secret, KEPT="1")
    streams = [Stream(server, "runs") for _ in range(3)]
    status, _, body = server.post(f"runs/{failed}/resume", {})
    assert status == 201, body
    resumed = json.loads(body)["run"]["pathspec"]
    wait_for(lambda: server.get(f"runs/{resumed}")["state"] == "done")
    spied = json.loads((home.folder / "mended.spied").read_text())
    assert spied["environment"]["KEPT"] == "1" and spied["environment"]["BACKLOT_HOME"] == home.environment["BACKLOT_HOME"]
    assert not set(secret) & set(spied["environment"]) and not set(secret.values()) & set(spied["environment"].values())
    sockets = {number: file for number, file in spied["files"].items() if file.startswith("socket:")}
    assert not sockets, spied["files"]
    assert not any(file.endswith((".sqlite", ".sqlite-wal", "/token")) for file in spied["files"].values())
    assert len(streams) == 3 and server.stop() == 0


def test_the_port_and_the_streams_end_with_the_server_and_not_with_what_it_started(home):
    home.run("chaos", "run", "Chaos", "--items", '["sleep:1","throw"]', "--max-workers", "1", "--quiet", check=False)
    failed = home.runs("Chaos")[0]["pathspec"]
    server = Server(home)
    stream = Stream(server, "runs")
    assert server.post(f"runs/{failed}/resume", {"step": "work"})[0] == 201
    server.kill()
    assert stream.answer.read() is not None  # it ends
    again = Server(home, port=server.port)
    assert again.get("runs")["runs"][0]["origin"] == failed
    wait_for(lambda: again.get("runs")["runs"][0]["state"] == "failed")
    assert again.stop() == 0
