"""What Metaflow left in a folder .metaflow, read as the client reads a home. Nothing is ever written there.

Flow/run/step/task/ holds `<attempt>.data.json` with the names of artifacts, `_meta/*.json` with what was noted, and
logs; data/ holds the pickles, compressed, by their SHA-1.
"""

import json
import os
import pickle

from backlot import metaflow_names
from backlot.plain_names import ForeachFrame

_NAME = ".metaflow"
_PARAMETERS = "_parameters"


def nearest():
    """The folder that Metaflow would use: of METAFLOW_DATASTORE_SYSROOT_LOCAL, else the nearest upward; or None."""
    root = os.environ.get("METAFLOW_DATASTORE_SYSROOT_LOCAL")
    if root:
        return inside(root)
    place = os.getcwd()
    while True:
        found = inside(place)
        above = os.path.dirname(place)
        if found or above == place:
            return found
        place = above


def inside(place):
    """The folder .metaflow in `place`, or `place` itself if it is one; or None."""
    if os.path.basename(place.rstrip("/")) != _NAME:
        place = os.path.join(place, _NAME)
    return place if os.path.isdir(place) else None


def _json(*parts):
    try:
        with open(os.path.join(*parts), encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def _folders(path):
    try:
        return [entry.name for entry in os.scandir(path) if entry.is_dir() and entry.name not in ("_meta", "data")]
    except OSError:
        return []


class Archive:
    """All flows of a folder."""

    def __init__(self, root):
        self.root = root

    def close(self):
        pass

    def flows(self):
        return sorted(f for f in _folders(self.root) if os.path.exists(os.path.join(self.root, f, "_meta")))

    def run(self, flow, run_id):
        about = _json(self.root, flow, run_id, "_meta", "_self.json")
        return _Run(self.root, flow, about) if about and os.path.basename(run_id) == run_id else None

    def runs(self, flow, before_key=0, limit=50):
        """Newest first; a run's key is the time at which it began."""
        rows = [self.run(flow, name) for name in _folders(os.path.join(self.root, flow))]
        rows = [row for row in rows if row is not None and (not before_key or row.key < before_key)]
        return sorted(rows, key=lambda row: row.key, reverse=True)[:limit]


class _Run:
    def __init__(self, root, flow, about):
        self.root, self.flow, self.id = root, flow, str(about["run_number"])
        self.folder = os.path.join(root, flow, self.id)
        self.user = about.get("user_name") or ""
        self.tags, self.system_tags = about.get("tags") or [], about.get("system_tags") or []
        self.created = self._first_written(about["ts_epoch"]) * 1000
        self.key = self.created
        self.code = b""

    def _first_written(self, epoch):
        # Changing the tags of a run rewrites its time: its id, or what was first in it, is older.
        if self.id.isdigit() and len(self.id) == 16:
            return int(self.id) // 1000
        return epoch

    @property
    def origin(self):
        for step in self.steps():
            for task in self.tasks(step):
                for _, key, value in task.metadata():
                    if key == "origin-run-id":
                        return None if value in (None, "None") else value
        return None

    def parameters(self):
        task = self.task(_PARAMETERS, "0") or next(iter(self.tasks(_PARAMETERS)), None)
        return (task.artifacts() if task else None) or {}

    def graph(self):
        for step in self.steps():
            for task in self.tasks(step):
                info = task.find("_graph_info")
                if info is not None:
                    return {name: list(s.get("next") or []) for name, s in info.load()["steps"].items()}
        return {name: [] if name == "end" else [""] for name in self.steps()}

    def steps(self):
        """In the order in which they began."""
        found = []
        for name in _folders(self.folder):
            about = _json(self.folder, name, "_meta", "_self.json")
            if about and name != _PARAMETERS:
                found.append((about["ts_epoch"], name))
        return [name for _, name in sorted(found)]

    def tasks(self, step):
        """By number."""
        found = [self.task(step, name) for name in _folders(os.path.join(self.folder, step))]
        return sorted((t for t in found if t is not None), key=lambda t: (len(t.id), t.id))

    def task(self, step, name):
        folder = os.path.join(self.folder, step, name)
        if os.path.basename(name) != name or not os.path.isdir(folder):
            return None
        about = _json(folder, "_meta", "_self.json")
        if about is None and step != _PARAMETERS:
            return None
        return _Task(self, step, name, folder, (about or {}).get("ts_epoch", self.created // 1000) * 1000)


class _Attempt:
    """As _core.Attempt: when it began and ended, and how."""

    failure = None

    def __init__(self, task, number):
        self.number = number
        begun = task.json(f"{number}.attempt.json") or {}
        self.started = int(begun.get("time", 0) * 1_000_000)
        done = os.path.join(task.folder, f"{number}.DONE.lock")
        self.has_ended = os.path.exists(done)
        self.ended, self.ok = 0, False
        if self.has_ended:
            noted = task.json("_meta", f"{number}_artifact__task_ok.json")
            self.ended = noted["ts_epoch"] * 1000 if noted else int(os.stat(done).st_mtime * 1_000_000)
            success = (task.artifacts(number) or {}).get("_success")
            self.ok = success is not None and success.load() is True
        self.out_bytes, self.err_bytes = (
            sum(len(line) + 1 for _, line in task.lines(number, stream)) for stream in ("stdout", "stderr")
        )


class _Task:
    def __init__(self, run, step, name, folder, created):
        self.run, self.step, self.id, self.folder, self.created = run, step, name, folder, created
        self.label = ""

    def json(self, *parts):
        return _json(self.folder, *parts)

    # --- attempts

    def attempts(self):
        numbers = {
            int(entry.partition(".")[0])
            for entry in os.listdir(self.folder)
            if entry.endswith((".attempt.json", ".data.json")) and entry.partition(".")[0].isdigit()
        }
        return [_Attempt(self, number) for number in sorted(numbers)]

    def _last_number(self):
        numbers = [
            int(entry.partition(".")[0])
            for entry in os.listdir(self.folder)
            if entry.endswith(".data.json") and entry.partition(".")[0].isdigit()
        ]
        return max(numbers, default=None)

    # --- values

    def artifacts(self, attempt=None):
        number = self._last_number() if attempt is None else attempt
        data = self.json(f"{number}.data.json") if number is not None else None
        if data is None:
            return None
        info = data.get("info") or {}
        return {
            name: _Artifact(self.run, sha, (info.get(name) or {}).get("size", 0))
            for name, sha in sorted(data["objects"].items())
        }

    def find(self, name, attempt=None):
        return (self.artifacts(attempt) or {}).get(name)

    # --- what is noted

    def noted(self):
        """(attempt, key, value, type, microseconds), oldest first."""
        found = []
        try:
            names = os.listdir(os.path.join(self.folder, "_meta"))
        except OSError:
            names = []
        for name in names:
            if not name.startswith("sysmeta_"):
                continue
            one = self.json("_meta", name)
            if one is None:
                continue
            attempt = next((t[11:] for t in one.get("tags") or () if t.startswith("attempt_id:")), "0")
            found.append(
                (int(attempt), one["field_name"], one["value"], one.get("type"), one.get("ts_epoch", 0) * 1000)
            )
        return sorted(found, key=lambda one: one[4])

    def metadata(self):
        return [(attempt, key, value) for attempt, key, value, _, _ in self.noted()]

    def _latest(self, wanted):
        value = None
        for _, key, one in self.metadata():
            if key == wanted:
                value = one
        return value

    @property
    def origin_task(self):
        return self._latest("origin-task-id")

    @property
    def foreachs(self):
        path = self._latest("foreach-execution-path")
        parts = [part.rpartition(":") for part in path.split(",")] if path else []
        return [(step, None, int(index)) for step, _, index in parts]

    @property
    def index(self):
        around = self.foreachs
        return around[-1][2] if around else None

    # --- logs

    def lines(self, attempt, stream):
        """(microseconds, bytes) of each line, by time."""
        found = []
        for source in ("runtime", "task"):
            path = os.path.join(self.folder, f"{attempt}.{source}_{stream}.log")
            if os.path.exists(path):
                with open(path, "rb") as file:
                    found += [_line(line.rstrip(b"\n")) for line in file]
        return sorted(found, key=lambda line: line[0])

    def log(self, attempt, stream):
        return [(micros, line + b"\n") for micros, line in self.lines(attempt, stream)]

    # --- neighbours

    def before(self):
        graph = self.run.graph()
        steps = [name for name, following in graph.items() if self.step in following]
        return [t for step in steps for t in self.run.tasks(step) if _is_next(t, self)]

    def after(self):
        steps = self.run.graph().get(self.step, ())
        return [t for step in steps for t in self.run.tasks(step) if _is_next(self, t)]


def _is_next(before, after):
    """Whether the foreachs around two tasks of neighbouring steps agree: one may stand in one more than the other."""
    a, b = ([(step, index) for step, _, index in t.foreachs] for t in (before, after))
    shorter = min(len(a), len(b))
    return abs(len(a) - len(b)) <= 1 and a[:shorter] == b[:shorter]


def _line(line):
    """One line of a log: [MFLOG|0|time|source|id]text."""
    if line.startswith(b"[MFLOG|") and b"]" in line:
        head, _, text = line.partition(b"]")
        fields = head.split(b"|")
        if len(fields) == 5:
            return _micros(fields[2].decode("ascii", errors="replace")), text
    return 0, line


def _micros(text):
    from datetime import datetime, timezone

    for form in ("%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S"):
        try:
            return int(datetime.strptime(text, form).replace(tzinfo=timezone.utc).timestamp() * 1_000_000)
        except ValueError:
            continue
    return 0


# --- values ----------------------------------------------------------------------------------------------------------


class _Artifact:
    def __init__(self, run, sha, size):
        self._run, self.sha, self.size = run, sha, size

    def load(self):
        path = os.path.join(self._run.root, self._run.flow, "data", self.sha[:2], self.sha)
        value = _Unpickler(_content(path)).load()
        if isinstance(value, IncludedFile):
            value.root = self._run.root
        return value


def _content(path):
    """The file, uncompressed, as a stream."""
    import gzip
    import io

    with open(path, "rb") as file:
        data = file.read()
    return io.BytesIO(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)


class _Unpickler(pickle.Unpickler):
    """Finds what Metaflow pickled under its own names, also where it is not installed."""

    def find_class(self, module, name):
        if module == "metaflow" or module.startswith("metaflow."):
            try:
                return metaflow_names.find(module[len("metaflow.") :], name)
            except AttributeError:
                pass
        if name == "ForeachFrame":  # is pickled as if the flow's own file had it
            return ForeachFrame
        return super().find_class(module, name)


class IncludedFile:
    """What Metaflow pickles for a parameter that is a file: where its content is."""

    _is_included_file = True
    root = None

    @property
    def descriptor(self):
        return self._descriptor

    @property
    def size(self):
        return self._descriptor.get("size")

    def decode(self, name, var_type="Artifact"):
        """The content, as text if it was included as text."""
        told = self._descriptor
        url = told.get("url", "")
        if not url.startswith("local://"):
            raise ValueError(f"{var_type} {name} is in {url}, where Backlot cannot read.")
        path = url[len("local://") :]
        inner = path.partition(f"/{_NAME}/")[2]
        if self.root and inner and not os.path.exists(path):  # the folder was moved
            path = os.path.join(self.root, inner)
        data = _content(path).read()
        return data.decode(told.get("encoding") or "utf-8") if told.get("is_text", True) else data
