"""Homes, and servers of them: processes, and what they answer."""

import http.client
import json
import os
import pathlib
import re
import subprocess

import jsonschema

PROGRAMS = pathlib.Path(os.environ["BACKLOT_PROGRAMS"])  # build/release/bin
FIXTURE = PROGRAMS.parent / "tests" / "console_fixture"
HOSTILE = "<img src=x onerror=\"window.pwned=1\">'\"&</script><script>window.pwned=1</script>"


def validate(contract, path, method, status, body):
    answers = contract["paths"][path][method]["responses"]
    content = answers.get(str(status), answers["default"])["content"]
    schema = {**content["application/json"]["schema"], "components": contract["components"]}
    jsonschema.Draft202012Validator(schema).validate(json.loads(body))


class Home:
    def __init__(self, folder):
        self.folder = folder
        self.mended = folder / "mended"
        places = {"BACKLOT_HOME": str(folder / "home"), "XDG_STATE_HOME": str(folder / "state")}
        self.environment = {**os.environ, **places, "HOSTILE": HOSTILE, "MENDED": str(self.mended)}

    def run(self, *words, check=True):
        words = [str(PROGRAMS / words[0]), *map(str, words[1:])]
        return subprocess.run(words, env=self.environment, capture_output=True, text=True, check=check, cwd=self.folder)

    def start(self, *words, **kwargs):
        return subprocess.Popen([str(w) for w in words], env=self.environment, text=True, cwd=self.folder, **kwargs)

    def runs(self, flow):
        return json.loads(self.run("backlot", "list", flow, "--json").stdout)

    def failing(self):
        """A Python flow of which two items failed; returns its pathspec."""
        file = self.folder / "failing.py"
        file.write_text((pathlib.Path(__file__).parent / "failing.py").read_text())
        self.mended.unlink(missing_ok=True)
        self.run("backlot", "run", file, "--note", HOSTILE, "--tag", HOSTILE.replace("/", ""), check=False)
        return self.runs("Failing")[0]["pathspec"]


class Server:
    """A server, and one who may do everything on it."""

    def __init__(self, home, *options, port=0, browser=None, **environment):
        self.home = home
        if not browser:
            options = ("--no-browser", *options)
        self.process = subprocess.Popen(
            [str(PROGRAMS / "backlot"), "serve", "--port", str(port), *options],
            env={**home.environment, "BROWSER": str(browser), **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.said = dict(self.process.stdout.readline().split(maxsplit=1) for _ in range(4))
        self.url = self.said["console"].strip()
        self.socket = self.said["socket"].strip()
        self.folder = pathlib.Path(self.socket).parent
        self.port = int(re.search(r":(\d+)/", self.url).group(1))
        token = self.folder / "token"
        self.token = environment.get("BACKLOT_TOKEN") or (token.read_text().strip() if token.exists() else None)

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(self, method, path, body=None, **headers):
        """What the owner is answered: (status, headers, bytes); underscores in names of headers are dashes."""
        return self.ask_as_stranger(method, path, body, **{"Authorization": f"Bearer {self.token}", **headers})

    def ask_as_stranger(self, method, path, body=None, **headers):
        connection = self.connection()
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=None if body is None else json.dumps(body), headers=headers)
        response = connection.getresponse()
        answer = response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        connection.close()
        return answer

    def get(self, path):
        status, _, body = self.ask("GET", "/api/v1/" + path)
        assert status == 200, body
        return json.loads(body)

    def contract(self):
        return self.get("openapi.json")

    def get_by_contract(self, contract, path, address):
        """What GET `address` answers, which must be what the contract says of `path`."""
        status, _, body = self.ask("GET", "/api/v1/" + address)
        assert status == 200, (address, body)
        validate(contract, path, "get", status, body)
        return json.loads(body)

    def post(self, path, body):
        return self.ask("POST", "/api/v1/" + path, body, X_Backlot="1")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.complaints = self.process.communicate(timeout=20)[1]
        return self.process.returncode
