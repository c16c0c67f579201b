"""All that a domain can have, of one that is added by a line and its folder: BACKLOT_PLUGINS is where it was built to."""

import contextlib
import http.client
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[4]
PROGRAM = pathlib.Path(os.environ["BACKLOT_PROGRAMS"]) / "backlot"
PLUGINS = pathlib.Path(os.environ["BACKLOT_PLUGINS"])


def run(*words, plugins=PLUGINS):
    environment = {**os.environ, "BACKLOT_PLUGINS": str(plugins)}
    return subprocess.run([str(PROGRAM), *words], capture_output=True, text=True, env=environment, timeout=60)


@contextlib.contextmanager
def server(folder, *words):
    """The plugins' own server: {what it says at its start}."""
    environment = {**os.environ, "BACKLOT_HOME": str(folder / "home")}
    command = [PLUGINS / "backlot-server", "--port", "0", "--no-browser", "--private", folder / "private", *words]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield dict(process.stdout.readline().split(maxsplit=1) for _ in range(4))
    finally:
        process.terminate()
        assert process.wait(timeout=20) == 0


def get(said, path):
    connection = http.client.HTTPConnection("127.0.0.1", int(said["console"].strip().strip("/").rsplit(":", 1)[1]), timeout=20)
    token = pathlib.Path(said["token"].strip()).read_text().strip()
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    response = connection.getresponse()
    return response.status, response.read().decode()


def test_its_verb():
    assert "  tally         counts words\n" in run("--help").stdout
    assert "tally" not in run("--help", plugins="").stdout
    assert run("tally", "count", "one two").stdout == "2 words\n"
    assert run("tally", "--help").stdout.startswith("usage: backlot tally VERB …\n\n  count         how many words a text has\n  keep ")
    assert "backlot tally count" in run("tally", "count", "--help").stdout
    assert run("__complete", "--", "tally", "c").stdout.split() == ["count", "keep", "forget"]
    wrong = run("tally", "cuont")
    assert (wrong.returncode, wrong.stderr) == (2, 'backlot: no verb "cuont"\n  did you mean count?\n')
    assert "did you mean tally?" in run("taly").stderr
    assert run("tally", plugins="").returncode == 2


def test_its_program_refuses_another_backlot():
    environment = {**os.environ, "BACKLOT_DOMAIN_PROTOCOL": "99"}
    done = subprocess.run([PLUGINS / "backlot-tally", "count", "x"], env=environment, capture_output=True, text=True)
    assert done.returncode == 1 and "backlot speaks protocol 99, and this program 1" in done.stderr
    assert subprocess.run([PLUGINS / "backlot-tally", "count", "x"], capture_output=True, text=True).stdout == "1 word\n"


def test_its_value_in_the_store(tmp_path):
    environment = {**os.environ, "BACKLOT_HOME": str(tmp_path / "home")}
    file = tmp_path / "words.txt"
    file.write_text("one two three " * 20_000)

    def backlot(*words):
        done = subprocess.run([str(PROGRAM), *words], capture_output=True, text=True, env=environment, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def collected():
        """How many blobs gc takes when all that is there is old."""
        for blob in (tmp_path / "home/store/blobs").rglob("*"):
            if blob.is_file():
                os.utime(blob, (1, 1))
        return json.loads(backlot("gc", "--json"))["blobs"]

    identity = backlot("tally", "keep", "words", str(file))
    assert collected() == 0  # it is pinned
    assert json.loads(backlot("fsck", "--json"))["problems"] == []
    backlot("backup", str(tmp_path / "copy"))
    assert list((tmp_path / "copy").rglob("*" + identity.strip()[2:]))
    assert backlot("tally", "keep", "words", str(file)) == identity
    backlot("tally", "forget", "words")
    assert collected() == 1


def test_its_python():
    script = "from backlot import tally; print(tally.count_words('one two three'))"
    environment = {**os.environ, "PYTHONPATH": os.environ["BACKLOT_PACKAGE"]}
    done = subprocess.run(["/usr/bin/python3", "-c", script], capture_output=True, text=True, env=environment)
    assert done.stdout == "3\n", done.stderr
    del environment["BACKLOT_PLUGINS"]
    done = subprocess.run(["/usr/bin/python3", "-c", script], capture_output=True, text=True, env=environment)
    assert "cannot import name 'tally'" in done.stderr


def test_its_route(tmp_path):
    with server(tmp_path) as said:
        assert get(said, "/api/v1/tally/count?text=one%20two") == (200, '{"words":2}')
        status, body = get(said, "/api/v1/tally/broken")
        assert status == 500 and json.loads(body)["error"]["message"] == "the module tally failed", body
        module = json.loads(get(said, "/api/v1/status")[1])["modules"][0]
        assert (module["name"], module["state"], module["failures"]) == ("tally", "failed", 1)
        assert module["message"] == "a module's own mistake"
        paths = json.loads(get(said, "/api/v1/openapi.json")[1])["paths"]
        assert "/api/v1/tally/count" in paths and "/api/v1/runs" in paths
        assert get(said, "/api/v1/tally/count?text=x")[0] == 200  # and nothing else is broken
        assert get(said, "/api/v1/tally/nothing")[0] == 404
        assert get(said, "/api/v1/runs")[0] == 200


def test_its_page(tmp_path):
    if not pathlib.Path("/usr/bin/chromium").exists():
        pytest.skip("no chromium")
    pages, console = tmp_path / "pages", ROOT / "console"
    environment = {**os.environ, "BACKLOT_DOMAINS": str(ROOT / "tests/domain")}
    build = ["npm", "run", "--silent", "build", "--", "--outDir", str(pages), "--emptyOutDir", "--logLevel", "warn"]
    subprocess.run(build, cwd=console, env=environment, check=True, timeout=240)
    with server(tmp_path, "--console", pages) as said:
        token = pathlib.Path(said["token"].strip()).read_text().strip()
        words = ["node", str(pathlib.Path(__file__).parent / "page.mjs"), said["console"].strip(), token]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["before"] is False and seen["after"] is True  # of its script, before and after it was opened
    assert seen["title"] == "Tally · Backlot" and seen["text"] == "3 words" and seen["current"] == "Tally"
