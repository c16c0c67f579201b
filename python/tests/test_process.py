"""The processes of tasks: when they are forked and when fresh, what they begin with, and how they end."""

import re
import signal

import pytest

TWO = """
    from metaflow import FlowSpec, step
    {imports}

    class Two(FlowSpec):
        @step
        def start(self):
            {start}
            self.items = [1, 2]
            self.next(self.body, foreach="items")

        @step
        def body(self):
            {body}
            self.next(self.join)

        @step
        def join(self, inputs):
            self.next(self.end)

        @step
        def end(self):
            pass
    """


def two(place, imports="", start="pass", body="pass", **environment):
    done = place.flow(TWO.format(imports=imports, start=start, body=body), "run", **environment)
    assert done.code == 0, done.err + done.out
    done.printed = [line for line in done.lines_of("body") if not line.startswith("Task ")]
    done.is_fresh = "fresh process" in done.out + done.err
    return done


def test_tasks_are_forked_from_the_process_that_ran_the_module_once(place):
    done = two(place, imports="import os; print('imported in', os.getpid())", body="print(os.getppid() != 1)")
    assert (done.out + done.err).count("imported in") == 1
    assert not done.is_fresh and done.printed == ["True", "True"]


@pytest.mark.parametrize(
    "opens, why",
    [
        ("import threading, time; threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()", "1 thread"),
        ("import socket; s = socket.socket()", "a socket"),
        ("import select; e = select.epoll()", "eventpoll"),
        ("import os; ends = os.pipe()", "a pipe"),
        ("import sqlite3; db = sqlite3.connect('data.db')", "a database"),
        ("import shelve; shelf = shelve.open('shelf')", "a database"),
        ("import gzip; packed = gzip.open('packed.gz', 'at')", "a compressed file"),
        ("import zipfile; archive = zipfile.ZipFile('archive.zip', 'w')", "an archive"),
        ("import logging.handlers as h, logging; logging.getLogger().addHandler(h.RotatingFileHandler('log'))", "rotated"),
    ],
)
def test_what_cannot_be_forked_makes_fresh_processes_with_a_notice(place, opens, why):
    done = two(place, imports=opens, body="print('ran')")
    assert done.is_fresh and why in done.out + done.err
    assert done.printed == ["ran", "ran"]


def test_a_flow_may_ask_for_fresh_processes(place):
    done = place.flow(
        """
        from metaflow import FlowSpec, step

        class Fresh(FlowSpec):
            _fresh_processes = True

            @step
            def start(self):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        "run",
    )
    assert done.code == 0 and "the flow has _fresh_processes: every task" in done.out + done.err


def test_a_step_with_environment_starts_with_it(place):
    done = place.flow(
        """
        import os
        from metaflow import FlowSpec, step, environment
        AT_IMPORT = os.environ.get("COLOUR")

        class Env(FlowSpec):
            @environment(vars={"COLOUR": "red"})
            @step
            def start(self):
                print(AT_IMPORT, os.environ["COLOUR"])
                self.next(self.end)

            @step
            def end(self):
                print(AT_IMPORT)
        """,
        "run",
    )
    assert done.code == 0, done.err + done.out
    assert "red red" in done.lines_of("start") and "None" in done.lines_of("end")


def test_main_file_arguments_and_path_are_those_of_a_script(place):
    body = "print(__name__, os.path.basename(__file__), sys.argv[1:], os.path.samefile(sys.path[0], os.getcwd()))"
    for environment in ({}, {"BACKLOT_FRESH": "1"}):
        done = two(place, imports="import os, sys", body=body, **environment)
        assert done.printed == ["__main__ two.py ['run'] True"] * 2


def test_random_numbers_differ_unless_the_module_seeded_them(place):
    draw = "import random, numpy; print(random.random(), numpy.random.rand())"
    one, other = (line.split() for line in two(place, imports="import random, numpy", body=draw).printed)
    assert one[0] != other[0] and one[1] != other[1]
    seeded = "import random, numpy; random.seed(3); numpy.random.seed(3)"
    one, other = (line.split() for line in two(place, imports=seeded, body=draw).printed)
    assert one == other


def test_exit_handlers_threads_and_output_are_honoured(place):
    body = (
        "import atexit, threading, time; atexit.register(print, 'at exit'); "
        "threading.Thread(target=lambda: (time.sleep(0.2), print('thread done'))).start(); print('no newline', end='')"
    )
    done = two(place, body=body)
    assert sorted(done.printed) == sorted(["no newlinethread done", "at exit"] * 2)


def test_signals_are_as_python_sets_them(place):
    body = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler, open('/proc/self/status').read().split('SigIgn:')[1].split()[0])"
    printed = [line.split() for line in two(place, body=body).printed]
    assert len(printed) == 2
    # One that is ignored when Python starts, as in the background of a shell, stays so.
    expected = str(signal.getsignal(signal.SIGINT) is not signal.SIG_IGN)
    for is_default, ignored in printed:
        assert is_default == expected and int(ignored, 16) & (1 << 12)  # SIGPIPE


def test_a_pool_of_processes_works_inside_a_step(place):
    imports = "import multiprocessing\n    def square(x): return x * x"
    body = "print(sum(multiprocessing.get_context('spawn').Pool(2).map(square, range(4))))"
    assert two(place, imports=imports, body=body).printed == ["14", "14"]


def test_pickles_name_main(place):
    done = place.flow(
        """
        from metaflow import FlowSpec, step

        class Thing:
            pass

        class Names(FlowSpec):
            @step
            def start(self):
                self.thing = Thing()
                self.next(self.end)

            @step
            def end(self):
                print(type(self.thing).__module__, isinstance(self.thing, Thing))
        """,
        "run",
    )
    assert "__main__ True" in done.lines_of("end"), done.out


@pytest.mark.parametrize("how, told", [
    ("sys.exit(0)", "sys.exit"),
    ("os._exit(3)", "exit"),
    ("os.kill(os.getpid(), 11)", "signal 11"),
])
def test_a_task_that_ends_its_process_has_failed(place, how, told):
    done = place.flow(TWO.format(imports="import os, sys", start=how, body="pass"), "run")
    assert done.code == 1
    assert told in "\n".join(done.lines_of("start")) and "Task failed." in done.lines_of("start")


def test_a_timeout_raises_inside_the_step(place):
    done = place.flow(
        """
        import time
        from metaflow import FlowSpec, step, timeout, catch

        class Slow(FlowSpec):
            @catch(var="failure")
            @timeout(seconds=1)
            @step
            def start(self):
                try:
                    time.sleep(60)
                finally:
                    print("cleaned up")
                self.next(self.end)

            @step
            def end(self):
                print("caught", self.failure.type)
        """,
        "run",
    )
    assert done.code == 0, done.err + done.out
    assert "cleaned up" in done.lines_of("start")
    assert re.search(r"caught \S*TimeoutException", "\n".join(done.lines_of("end")))


def test_the_log_of_a_task_that_crashed_says_why(place):
    place.flow(TWO.format(imports="import ctypes", start="print('before'); ctypes.string_at(0)", body="pass"), "run")
    read = place.write("read.py", """
        from metaflow import Flow, namespace
        namespace(None)
        task = Flow("Two").latest_run["start"].task
        print(repr(task.stdout), repr(task.stderr))
        """)
    assert place.python(read.name).out == "'before\\n' 'task failed: killed by signal 11: segmentation fault\\n'\n"


def test_what_tasks_know_of_the_foreachs_around_them(place):
    body = "f = self._foreach_stack[0]; print(f.step, f.var, f.num_splits, f.index, getattr(self, f.var)[f.index], self._graph['start'].type)"
    assert sorted(two(place, body=body).printed) == ["start items 2 0 1 foreach", "start items 2 1 2 foreach"]


# --- files that the module opened -------------------------------------------------------------------------------------

SIXTEEN = TWO.replace("class Two", "class Sixteen").replace("[1, 2]", "list(range(16))")


def sixteen(place, imports, body):
    done = place.flow(SIXTEEN.format(imports=imports, start="pass", body=body), "run")
    assert done.code == 0, done.err + done.out
    done.printed = [line for line in done.lines_of("body") if not line.startswith("Task ")]
    assert "fresh process" not in done.out + done.err
    return done


def test_each_of_16_tasks_reads_all_of_a_file_an_npz_and_a_zip_of_the_module(place):
    place.write("lines.txt", "".join(f"line {i}\n" for i in range(20000)))
    place.script(
        """
        import numpy, zipfile
        numpy.savez("arrays.npz", a=numpy.arange(50000), b=numpy.ones(9))
        with zipfile.ZipFile("texts.zip", "w") as archive:
            archive.writestr("one", "1" * 100000)
        """
    )
    imports = (
        "import numpy, zipfile; lines = open('lines.txt'); first = lines.readline(); "
        "arrays = numpy.load('arrays.npz'); texts = zipfile.ZipFile('texts.zip')"
    )
    body = (
        "rest = sum(1 for _ in lines); lines.seek(0); "
        "print(rest, sum(1 for _ in lines), arrays['a'].sum(), arrays['b'].sum(), len(texts.read('one')))"
    )
    done = sixteen(place, imports, body)
    assert done.printed == ["19999 20000 1249975000 9.0 100000"] * 16


@pytest.mark.parametrize("mode", ["a", "w"])
def test_all_lines_of_16_tasks_are_in_one_log_of_the_module(place, mode):
    imports = f"import logging; logging.basicConfig(filename='run.log', filemode='{mode}', level=20); logging.info('first')"
    done = sixteen(place, imports, "[logging.info('%d of %d', i, self.input) for i in range(1000)]")
    lines = (place.folder / "run.log").read_text().splitlines()
    wanted = [f"INFO:root:{i} of {task}" for task in range(16) for i in range(1000)]
    assert lines[0] == "INFO:root:first" and sorted(lines[1:]) == sorted(wanted)
    assert ("share its position" in done.out + done.err) == (mode == "w")


def test_locks_of_a_file_of_the_module_are_each_tasks_own(place):
    place.write("count", "0")
    imports = "import fcntl; lock = open('lock', 'a')"
    body = (
        "for _ in range(50):\n"
        "                fcntl.flock(lock, fcntl.LOCK_EX); n = int(open('count').read()); "
        "file = open('count', 'w'); file.write(str(n + 1)); file.close(); fcntl.flock(lock, fcntl.LOCK_UN)"
    )
    sixteen(place, imports, body)
    assert (place.folder / "count").read_text() == "800"


def test_a_file_of_a_task_is_written_though_it_closed_one_of_the_module(place):
    body = "shared.close(); global mine; mine = open(f'{self.input}.txt', 'w'); mine.write('kept')"
    sixteen(place, "shared = open('shared.txt', 'a')", body)
    assert all((place.folder / f"{i}.txt").read_text() == "kept" for i in range(16))


def test_standard_streams_that_were_closed(place):
    flow = TWO.format(imports="kept = open('kept.txt', 'a'); w = kept.write('module\\n')", start="pass", body="w = kept.write('task\\n'); print('printed')")
    place.flow(flow, "check")
    for closed in ("<&-", ">&-", "2>&-"):
        (place.folder / "kept.txt").write_text("")
        import subprocess
        import sys

        command = f"{sys.executable} two.py run {closed}"
        done = subprocess.run(command, shell=True, cwd=place.folder, env=place.environment, capture_output=True, timeout=120)
        assert done.returncode == 0, done
        assert (place.folder / "kept.txt").read_text().splitlines().count("task") == 2
        look = "from metaflow import Flow, namespace; namespace(None); print([t.stdout.count('printed') for t in Flow('Two').latest_run['body']])"
        assert place.script(look).strip() == "[1, 1]"


def test_buffered_writes_of_the_module_and_of_tasks_are_kept(place):
    imports = "shared = open('shared.txt', 'a'); w = shared.write('before\\n')"
    body = "global mine; mine = open(f'{self.input}.txt', 'w'); mine.write('kept'); shared.write('task\\n')"
    sixteen(place, imports, body)
    assert (place.folder / "shared.txt").read_text().splitlines() == ["before"] + ["task"] * 16
    assert all((place.folder / f"{i}.txt").read_text() == "kept" for i in range(16))


def test_what_the_module_writes_through_a_state_in_memory_is_whole(place):
    import gzip

    imports, body = "import gzip; packed = gzip.open('packed.gz', 'at')", "packed.write('from a task\\n')"
    done = place.flow(TWO.format(imports=imports, start="pass", body=body), "run", "--max-workers", "1")
    assert done.code == 0 and "fresh process" in done.out + done.err
    assert gzip.open(place.folder / "packed.gz", "rt").read().splitlines() == ["from a task"] * 2


def test_objects_of_the_module_are_finalized_once_the_run_has_ended(place):
    imports = (
        "import os; made = os.getpid()\n"
        "    class Thing:\n"
        "        def __del__(self): os.write(1, b'finalized ' + str(made == os.getpid()).encode() + b'\\n')\n"
        "    thing = Thing()\n"
        "    def use(): return thing\n"
    )
    done = two(place, imports=imports)
    assert [line for line in done.out.splitlines() if "finalized" in line] == ["finalized True"]


def test_archives_that_a_step_leaves_open_are_whole(place):
    body = (
        "import gzip, zipfile; global a, b; a = gzip.open(f'{self.input}.gz', 'wt'); a.write('packed'); "
        "b = zipfile.ZipFile(f'{self.input}.zip', 'w'); b.writestr('name', 'content')"
    )
    sixteen(place, "import os", body)
    import gzip
    import zipfile

    for i in range(16):
        assert gzip.open(place.folder / f"{i}.gz", "rt").read() == "packed"
        assert zipfile.ZipFile(place.folder / f"{i}.zip").read("name") == b"content"


# --- exit handlers ----------------------------------------------------------------------------------------------------


def test_exit_handlers_of_the_module_are_run_once_by_the_process_that_registered_them(place):
    imports = (
        "import atexit, os, tempfile, weakref; made = os.getpid(); folder = tempfile.TemporaryDirectory(); "
        "temporary = tempfile.NamedTemporaryFile(); "
        "w = open(os.path.join(folder.name, 'kept'), 'w').write('kept'); "
        "h = atexit.register(lambda: print('handler', made == os.getpid())); "
        "f = weakref.finalize(folder, lambda: print('finalizer', made == os.getpid()))"
    )
    body = (
        "global temporary; name = temporary.name; temporary = None; atexit.register(print, 'own handler'); "
        "print(open(os.path.join(folder.name, 'kept')).read(), os.path.exists(name))"
    )
    done = two(place, imports=imports, body=body)
    assert sorted(done.printed) == ["kept True"] * 2 + ["own handler"] * 2
    told = done.out.splitlines() + done.err.splitlines()
    assert [line for line in told if line.startswith(("handler", "finalizer"))].count("handler True") == 1
    assert "handler False" not in done.out and "finalizer False" not in done.out


# --- generators that the module made ---------------------------------------------------------------------------------

MAKES = {
    "default_rng()": "rng.random()",
    "Generator(numpy.random.Philox())": "rng.random()",
    "RandomState()": "rng.rand()",
    "default_rng().spawn(2)[1]": "rng.random()",
}


@pytest.mark.parametrize("make, draw", MAKES.items())
def test_numpy_generators_without_a_seed_are_seeded_anew_in_each_task(place, make, draw):
    numpy = pytest.importorskip("numpy")
    if "spawn" in make and not hasattr(numpy.random.Generator, "spawn"):
        make = "Generator(numpy.random.PCG64(numpy.random.SeedSequence().spawn(2)[1]))"
    done = two(place, imports=f"import numpy; rng = numpy.random.{make}", body=f"print({draw})")
    assert not done.is_fresh and len(set(done.printed)) == 2


@pytest.mark.parametrize(
    "make",
    [
        "numpy.random.default_rng(7)",
        "numpy.random.default_rng(2**127 + 5)",
        "numpy.random.RandomState(7)",
        "random.Random(7)",
        "random.Random(); rng.setstate(random.Random(7).getstate())",
        "numpy.random.default_rng(); rng.bit_generator.state = numpy.random.default_rng(7).bit_generator.state",
    ],
)
def test_seeded_generators_go_on_from_their_state(place, make):
    draw = "print(rng.random() if hasattr(rng, 'random') else rng.rand())"
    done = two(place, imports=f"import numpy, random; rng = {make}", body=draw)
    assert not done.is_fresh and len(set(done.printed)) == 1


def test_python_generators_without_a_seed_are_seeded_anew_in_each_task_and_attempt(place):
    done = place.flow(
        """
        import random
        from metaflow import FlowSpec, current, retry, step
        rng = random.Random()

        class Anew(FlowSpec):
            @retry(times=1)
            @step
            def start(self):
                print("drew", rng.random())
                assert current.retry_count == 1
                self.next(self.end)

            @step
            def end(self):
                print("drew", rng.random())
        """,
        "run",
    )
    assert done.code == 0, done.out + done.err
    drawn = re.findall(r"drew (\S+)", done.out)
    assert len(drawn) == 3 and len(set(drawn)) == 3


@pytest.mark.parametrize(
    "make, why",
    [
        ("import random; rng = random.Random()", "the generator rng was made"),
        ("import numpy, random; rng = {'x': numpy.random.default_rng()}['x']; held = [rng]; ", "a generator of NumPy was made"),
    ],
)
def test_a_generator_that_was_made_before_the_hook_asks_for_fresh_processes(place, make, why):
    flow = make + "\n" + TWO.format(imports="", start="pass", body="print(rng.random())").replace("\n    ", "\n")
    path = place.write("early.py", flow + "\nif __name__ == '__main__':\n    Two()\n")
    done = place.python(path.name, "run")
    assert done.code == 0, done.out + done.err
    assert why + " before metaflow was imported" in done.out + done.err
    drawn = re.findall(r"\d\.\d+$", done.out, re.M)
    assert len(set(drawn)) == 2


@pytest.mark.parametrize(
    "make, draw",
    [
        ("numpy.random.seed()", "numpy.random.rand()"),
        ("st = numpy.random.get_state(); numpy.random.seed(0); numpy.random.set_state(st)", "numpy.random.rand()"),
        ("st = random.getstate(); random.seed(5); random.setstate(st)", "random.random()"),
        ("r = random.Random(); st = r.getstate(); r.seed(5); r.setstate(st)", "r.random()"),
        ("import copy; r = copy.deepcopy(random.Random())", "r.random()"),
        ("import pickle; r = pickle.loads(pickle.dumps(random.Random()))", "r.random()"),
        ("s = numpy.random.SeedSequence()", "numpy.random.default_rng(s).random()"),
        ("r = numpy.random.default_rng()", "(r.spawn(1)[0] if hasattr(r, 'spawn') else r).random()"),
    ],
)
def test_what_no_seed_decides_differs_in_each_task(place, make, draw):
    done = two(place, imports=f"import numpy, random; {make}", body=f"print({draw})")
    assert len(set(done.printed)) == 2 and done.is_fresh == ("SeedSequence" in make)


@pytest.mark.parametrize(
    "make, draw",
    [
        ("numpy.random.set_state(numpy.random.RandomState(3).get_state())", "numpy.random.rand()"),
        ("random.setstate(random.Random(3).getstate())", "random.random()"),
        ("import copy; r = copy.deepcopy(random.Random(3))", "r.random()"),
    ],
)
def test_a_state_of_a_seeded_generator_is_a_seed(place, make, draw):
    done = two(place, imports=f"import numpy, random; {make}", body=f"print({draw})")
    assert len(set(done.printed)) == 1 and not done.is_fresh


def test_a_seed_before_the_hook_asks_for_fresh_processes(place):
    body = TWO.format(imports="", start="pass", body="print(random.random())").replace("\n    ", "\n")
    path = place.write("early.py", "import random; random.seed(4)\n" + body + "\nif __name__ == '__main__':\n    Two()\n")
    done = place.python(path.name, "run")
    assert done.code == 0 and "a seed was set before metaflow was imported" in done.out + done.err
    assert len(re.findall(r"0\.2360480897\d+$", done.out, re.M)) == 2


def test_torch_is_seeded_anew_unless_the_module_seeded_it(place):
    pytest.importorskip("torch")
    draw = "print(torch.rand(1).item())"
    assert len(set(two(place, imports="import torch", body=draw).printed)) == 2
    assert len(set(two(place, imports="import torch; torch.manual_seed(3)", body=draw).printed)) == 1


# --- endings ----------------------------------------------------------------------------------------------------------


def test_a_process_of_a_pool_that_is_ended_as_soon_as_it_is_made_ends(place):
    """It took SIGTERM for an exception while it was being made, and lived on; its task waited for it for ever."""
    body = (
        "import multiprocessing\n"
        "            for _ in range(40):\n"
        "                with multiprocessing.Pool(4): pass\n"
        "            print('ended')"
    )
    assert two(place, body=body).printed == ["ended", "ended"]


def test_an_attribute_of_init_is_what_every_task_begins_with(place):
    flow = """
        from metaflow import FlowSpec, step

        class Init(FlowSpec):
            def __init__(self, use_cli=True):
                self.kept, self.seen = "kept", []
                super().__init__(use_cli=use_cli)

            @step
            def start(self):
                self.seen.append(1)
                self.next(self.end)

            @step
            def end(self):
                print(self.kept, self.seen)
        """
    for environment in ({}, {"BACKLOT_FRESH": "1"}):
        done = place.flow(flow, "run", **environment)
        assert done.code == 0, done.out + done.err
        assert "kept []" in done.lines_of("end")
    read = "from metaflow import Flow, namespace; namespace(None); r = Flow('Init').latest_run; print(r['start'].task.data.seen, r.data.kept)"
    assert place.script(read).strip() == "[1] kept"
