"""Running flows from Python: `Runner("flow.py").run(alpha=5)`. The flow runs in a process of its own."""

import os
import sys
import tempfile
import time
import weakref

from backlot.exception import MetaflowException, MetaflowNotFound
from backlot.parameters import LIST_WORD

_OPTIONS = {"decospecs": "with", "tags": "tag", "user_namespace": "namespace"}  # keywords that have other names
_COMMAND = frozenset(
    "tags max_workers max_num_splits max_log_size decospecs run_id_file user_namespace namespace origin_run_id"
    " retry_wait keep_going anyway".split()
)
_FLAGS = ("retry_wait", "keep_going", "anyway")  # options of a command that take no value
_POLL = 0.005  # seconds


class Runner:
    """Runs and resumes the flow of a file.

    `env` adds to the environment, `cwd` is where it runs, other keywords are options that stand before the command:
    `Runner("flow.py", decospecs=["retry"], branch="test")`.
    """

    def __init__(
        self, flow_file, show_output=True, profile=None, env=None, cwd=None, file_read_timeout=3600, **kwargs
    ):
        self.flow_file = os.path.abspath(flow_file)
        if not os.path.isfile(self.flow_file):
            raise FileNotFoundError(f"There is no flow file {self.flow_file}")
        self.show_output = show_output
        self.env_vars = {**os.environ, **(env or {})}
        if profile:
            self.env_vars["METAFLOW_PROFILE"] = profile
        _let_find_us(self.env_vars)
        self.cwd = cwd or os.getcwd()
        self.file_read_timeout = file_read_timeout
        self.top_level_kwargs = kwargs
        self._processes = []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.cleanup()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        self.cleanup()

    def cleanup(self):
        """Removes what the processes printed."""
        for process in self._processes:
            process.cleanup()
        self._processes = []

    def run(self, **kwargs):
        """Runs the flow to its end; keywords are its parameters and the options of `run`."""
        return self._to_its_end("run", kwargs)

    def resume(self, **kwargs):
        """Resumes a run to its end; keywords are the options of `resume`, with step_to_rerun and origin_run_id."""
        return self._to_its_end("resume", kwargs)

    async def async_run(self, **kwargs):
        """Starts the flow and comes back when its run exists."""
        return await self._beginning("run", kwargs)

    async def async_resume(self, **kwargs):
        """Starts to resume a run and comes back when the new run exists."""
        return await self._beginning("resume", kwargs)

    def _to_its_end(self, verb, kwargs):
        command = self._command(verb, kwargs)
        command.run(self.show_output)
        command.sync_wait()
        return ExecutingRun(self, command, command.run_object())

    async def _beginning(self, verb, kwargs):
        import asyncio

        command = self._command(verb, kwargs)
        await command.async_run()
        patience = time.monotonic() + self.file_read_timeout
        while not command.has_begun() and command.process.returncode is None:
            if time.monotonic() > patience:
                raise RuntimeError(f"No run of {self.flow_file} began within {self.file_read_timeout} seconds.")
            await asyncio.sleep(_POLL)
        return ExecutingRun(self, command, command.run_object())

    def _command(self, verb, kwargs):
        words = [sys.executable, self.flow_file, *_as_words(self.top_level_kwargs, True), verb]
        kwargs = dict(kwargs)
        step = kwargs.pop("step_to_rerun", None) if verb == "resume" else None
        command = Command(words, self.env_vars, self.cwd)
        command.words += [f"--runner-attribute-file={command.attribute_file}", *_as_words(kwargs, False)]
        if step:
            command.words.append(step)
        self._processes.append(command)
        return command


def _let_find_us(environment):
    """The flow's process finds this package, and the shim where this process uses it."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    wanted = [here]
    metaflow = getattr(sys.modules.get("metaflow"), "__file__", None)
    if metaflow and os.path.abspath(metaflow).startswith(here):
        wanted.append(os.path.dirname(os.path.dirname(os.path.abspath(metaflow))))
    have = [part for part in environment.get("PYTHONPATH", "").split(os.pathsep) if part]
    environment["PYTHONPATH"] = os.pathsep.join([part for part in wanted if part not in have] + have)


def _as_words(options, of_top):
    """Keywords as the command line has them."""
    words = []
    for name, value in options.items():
        if value is None:
            continue
        known = of_top or name in _COMMAND
        option = "--" + _OPTIONS.get(name, name.replace("_", "-") if known else name)
        if of_top and name in ("config", "config_value"):
            pairs = value.items() if isinstance(value, dict) else value
            for key, given in pairs:
                words += [option, key, _as_text(given)]
        elif of_top and isinstance(value, bool):
            words += [option] if value else _negative(name)
        elif name in _FLAGS and not of_top:
            words += [option] if value else []
        elif known and isinstance(value, (list, tuple, set, frozenset)):
            words += [f"{option}={_as_text(one)}" for one in value]
        elif isinstance(value, (list, tuple)) and not of_top:
            words += [LIST_WORD, name, _as_text(value)]
        else:
            words.append(f"{option}={_as_text(value)}")
    return words


def _negative(name):
    return {"quiet": ["--not-quiet"], "pylint": ["--no-pylint"]}.get(name, [])


def _as_text(value):
    if isinstance(value, (dict, list, tuple)):
        import json

        return json.dumps(value)
    return str(value)


class Command:
    """A process that runs a flow, what it prints and where it says which run it makes."""

    def __init__(self, words, environment, folder):
        self.words, self.environment, self.folder = words, environment, folder
        self.temp_dir = tempfile.mkdtemp(prefix="backlot-runner-")
        self._remove = weakref.finalize(self, _remove_of, os.getpid(), self.temp_dir)
        self.log_files = {name: os.path.join(self.temp_dir, f"{name}.log") for name in ("stdout", "stderr")}
        self.attribute_file = os.path.join(self.temp_dir, "run.json")
        self.process, self.timeout, self._pumps = None, False, []

    @property
    def command(self):
        return list(self.words)

    def run(self, show_output):
        import subprocess

        where = {"env": self.environment, "cwd": self.folder}
        if not show_output:
            with open(self.log_files["stdout"], "wb") as out, open(self.log_files["stderr"], "wb") as err:
                self.process = subprocess.Popen(self.words, stdout=out, stderr=err, **where)
            return
        import threading

        self.process = subprocess.Popen(self.words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **where)
        for name in ("stdout", "stderr"):
            pump = threading.Thread(target=self._pump, args=(name, getattr(self.process, name)), daemon=True)
            pump.start()
            self._pumps.append(pump)

    def _pump(self, name, pipe):
        shown = getattr(sys, name)
        with open(self.log_files[name], "wb") as log, pipe:
            for line in pipe:
                log.write(line)
                log.flush()
                shown.write(line.decode("utf-8", errors="replace"))
                shown.flush()

    async def async_run(self):
        import asyncio

        with open(self.log_files["stdout"], "wb") as out, open(self.log_files["stderr"], "wb") as err:
            self.process = await asyncio.create_subprocess_exec(
                *self.words, stdout=out, stderr=err, env=self.environment, cwd=self.folder
            )

    def sync_wait(self):
        self.process.wait()
        for pump in self._pumps:
            pump.join()

    async def wait(self, timeout=None, stream=None):
        """Until the process has ended, showing one of its streams meanwhile; it is killed when that takes too long."""
        import asyncio

        if self.process is None:
            raise RuntimeError("No command run yet to wait for...")
        try:
            await asyncio.wait_for(self._ended(stream), timeout)
        except asyncio.TimeoutError:
            self.timeout = True
            self.kill()
            print(f"Timeout: the process (PID {self.process.pid}) did not end within {timeout} seconds and was ended.")

    async def _ended(self, stream):
        import inspect

        if stream:
            async for _, line in self.stream_log(stream):
                print(line)
        ended = self.process.wait()
        if inspect.isawaitable(ended):
            await ended

    async def stream_log(self, stream, position=None):
        """(position behind it, line) of what the process prints, until it ends."""
        import asyncio

        if stream not in self.log_files:
            raise ValueError(f"No log file found for '{stream}', valid values are: {', '.join(self.log_files)}")
        at = position or 0
        while True:
            over = self.process.returncode is not None
            with open(self.log_files[stream], "rb") as file:
                file.seek(at)
                for line in file:
                    if not line.endswith(b"\n") and not over:
                        break
                    at += len(line)
                    yield at, line.decode("utf-8", errors="replace").rstrip()
            if over:
                return
            await asyncio.sleep(_POLL)

    def kill(self, termination_timeout=2):
        """Ends the process: politely, and after so many seconds by force."""
        import signal

        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.process.returncode is not None:
                return
            try:
                os.kill(self.process.pid, number)
            except ProcessLookupError:
                return
            patience = time.monotonic() + termination_timeout
            while time.monotonic() < patience and _is_alive(self.process):
                time.sleep(_POLL)
            if not _is_alive(self.process):
                return

    def cleanup(self):
        self._remove()

    # --- the run

    def has_begun(self):
        return self._attributes() is not None

    def _attributes(self):
        import json

        try:
            with open(self.attribute_file, encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError):
            return None

    def run_object(self):
        """The run as the client has it. Raises when the process ended before it had made one."""
        from backlot.client import Run

        told = self._attributes()
        if told is None:
            raise self._refusal()
        patience = time.monotonic() + 10  # the id is told before the run is in the catalog
        while True:
            try:
                return Run(
                    f"{told['flow_name']}/{told['run_id']}", _namespace_check=False, _current_metadata=told["metadata"]
                )
            except (MetaflowNotFound, ValueError):
                if self.process.returncode is not None or time.monotonic() > patience:
                    raise self._refusal() from None
                time.sleep(_POLL)
                told = self._attributes() or told

    def _refusal(self):
        import re

        with open(self.log_files["stderr"], encoding="utf-8", errors="replace") as file:
            printed = file.read().strip()
        unknown = re.search(r"[Nn]o such option:? *-*([\w-]+)", printed)
        if unknown:
            return ValueError(f"Unknown argument: '{unknown.group(1)}'. The flow says: {printed}")
        code = self.process.returncode
        return RuntimeError(f"{' '.join(self.words)} ended with code {code} and made no run:\n{printed}")


def _remove_of(process, folder):
    """Removes the folder of a process, which those that were forked from it leave alone."""
    if os.getpid() == process:
        import shutil

        shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process):
    poll = getattr(process, "poll", None)
    if poll is not None:
        return poll() is None
    if process.returncode is not None:
        return False
    with_state = f"/proc/{process.pid}/stat"  # of asyncio, whose loop cannot run while we wait
    try:
        with open(with_state) as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class ExecutingProcess:
    """A process of a Runner."""

    def __init__(self, runner, command_obj):
        self.runner, self.command_obj = runner, command_obj

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.runner.__exit__(*error)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        self.runner.__exit__(*error)

    async def wait(self, timeout=None, stream=None):
        """Until it has ended; shows "stdout" or "stderr" meanwhile. Ends it when that takes longer than `timeout`."""
        await self.command_obj.wait(timeout, stream)
        return self

    @property
    def returncode(self):
        """None while it runs."""
        return self.command_obj.process.returncode

    @property
    def status(self):
        """running, successful, failed or timeout."""
        if self.command_obj.timeout:
            return "timeout"
        if self.returncode is None:
            return "running"
        return "failed" if self.returncode else "successful"

    @property
    def stdout(self):
        return self._printed("stdout")

    @property
    def stderr(self):
        return self._printed("stderr")

    def _printed(self, stream):
        with open(self.command_obj.log_files[stream], encoding="utf-8", errors="replace") as file:
            return file.read()

    async def stream_log(self, stream, position=None):
        """(position, line) of "stdout" or "stderr" as they come; go on from a position with the next call."""
        async for at, line in self.command_obj.stream_log(stream, position):
            yield at, line


class ExecutingRun(ExecutingProcess):
    """A run that a Runner started: `run` is the client's object of it."""

    def __init__(self, runner, command_obj, run_obj):
        super().__init__(runner, command_obj)
        self.run = run_obj

    def __repr__(self):
        return f"<ExecutingRun {self.run.pathspec}: {self.status}>"


class NBRunnerInitializationError(MetaflowException):
    headline = "NBRunner cannot be used here"


class NBRunner:
    """Runs a flow that is written in a notebook's cell, the one that makes the NBRunner."""

    def __init__(
        self, flow, show_output=True, profile=None, env=None, base_dir=None, file_read_timeout=3600, **kwargs
    ):
        ipython = sys.modules.get("IPython")
        shell = ipython.get_ipython() if ipython is not None else None
        if shell is None:
            raise NBRunnerInitializationError("NBRunner works in a notebook. Elsewhere use Runner with a flow's file.")
        self.flow, self.base_dir = flow, base_dir or os.getcwd()
        source = _flow_of_cell(shell.user_ns["In"][-1], flow.__name__)
        with tempfile.NamedTemporaryFile(
            "w", prefix=flow.__name__, suffix=".py", dir=self.base_dir, delete=False, encoding="utf-8"
        ) as file:
            file.write(source)
        self.flow_file = file.name
        env = {**(env or {}), "JPY_PARENT_PID": ""}
        self.runner = Runner(file.name, show_output, profile, env, self.base_dir, file_read_timeout, **kwargs)

    def nbrun(self, **kwargs):
        """Runs to the end, cleans up and returns the Run."""
        try:
            return self.runner.run(**kwargs).run
        finally:
            self.cleanup()

    def nbresume(self, **kwargs):
        """Resumes to the end, cleans up and returns the Run."""
        try:
            return self.runner.resume(**kwargs).run
        finally:
            self.cleanup()

    def run(self, **kwargs):
        return self.runner.run(**kwargs)

    def resume(self, **kwargs):
        return self.runner.resume(**kwargs)

    async def async_run(self, **kwargs):
        return await self.runner.async_run(**kwargs)

    async def async_resume(self, **kwargs):
        return await self.runner.async_resume(**kwargs)

    def cleanup(self):
        """Removes the file that the cell was written to."""
        if os.path.exists(self.flow_file):
            os.remove(self.flow_file)
        self.runner.cleanup()


def _flow_of_cell(cell, name):
    """The cell as a flow's file: without magics and what starts the runner, and with a main."""
    import ast

    lines = [line for line in cell.splitlines() if not line.lstrip().startswith(("%", "!"))]
    tree = ast.parse("\n".join(lines))
    # From where the runner is made on, what is done works with its results; what is defined may be the flow's.
    made = next((i for i, item in enumerate(tree.body) if _mentions(item, "NBRunner")), len(tree.body))
    defined = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    kept = [item for i, item in enumerate(tree.body) if i < made or isinstance(item, defined)]
    if not any(isinstance(item, ast.ClassDef) and item.name == name for item in kept):
        raise ModuleNotFoundError(f"This cell does not define the flow {name}: define it in the cell that runs it.")
    blocks = ["\n".join(lines[_first_line(item) - 1 : item.end_lineno]) for item in kept]
    return "\n".join(blocks) + f"\n\nif __name__ == '__main__':\n    {name}()\n"


def _first_line(item):
    return min([item.lineno, *(d.lineno for d in getattr(item, "decorator_list", ()))])


def _mentions(item, name):
    import ast

    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(item))
