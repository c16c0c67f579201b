"""The process that a task runs in: made from the one that imported the flow, and ended as Python ends."""

import functools
import gc
import os
import random
import signal
import sys

_state = {}


def note_seeds():
    """From now on it is known whether somebody seeds `random`: called before the flow's module does."""
    if "seeded" in _state:
        return
    _state["seeded"], inner = False, random.seed

    @functools.wraps(inner)
    def seed(*args, **kwargs):
        _state["seeded"] = bool(args or kwargs)
        return inner(*args, **kwargs)

    random.seed = seed


def reason_for_fresh(flow):
    """Why this process must not be forked for a task; empty when it may."""
    if getattr(flow, "_fresh_processes", False):
        return "the flow has _fresh_processes"
    opened = _opened()
    if any(target.startswith("/dev/nvidia") for target in opened):
        return "the flow's module uses CUDA"  # which has threads, too
    threads = _foreign_threads()
    if threads:
        return f"the flow's module started {threads} thread{'s' if threads > 1 else ''}"
    if any(target.startswith("socket:") for target in opened):
        return "the flow's module opened a socket"
    for target in opened:
        if target in ("anon_inode:[eventpoll]", "anon_inode:[eventfd]"):
            return f"the flow's module opened an {target[12:-1]}"
    return ""


def _opened():
    """What this process has open and did not inherit."""
    targets = []
    for name in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{name}")
            inherited = os.get_inheritable(int(name))
        except OSError:
            continue
        if not inherited:  # by whoever started us: what Python and its libraries open is closed on exec
            targets.append(target)
    return targets


def _foreign_threads():
    """How many threads there are besides this one that do not make way for a fork."""
    count = len(os.listdir("/proc/self/task")) - 1
    if count and _python_threads() == 0:
        # OpenBLAS starts its threads when it is loaded, ends them before every fork, and starts them again when they
        # are needed: after a fork for nothing they are gone.
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        count = len(os.listdir("/proc/self/task")) - 1
    return count


def _python_threads():
    threading = sys.modules.get("threading")
    return threading.active_count() - 1 if threading is not None else 0


def before_fork():
    """What the processes of tasks will find as it is now."""
    _state["random"] = random.getstate() if _state["seeded"] else None
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        generator = numpy_random.mtrand._rand._bit_generator
        _state["reseed_numpy"] = getattr(generator, "_seed_seq", None) is not None
    _state["signals"] = [
        (s, handler)
        for s in signal.valid_signals()
        if (handler := signal.getsignal(s)) not in (signal.SIG_DFL, None)
    ]
    client = sys.modules.get("backlot.client")
    if client is not None:
        client.close()
    print_by_lines()
    sys.stderr.flush()
    gc.collect()
    gc.freeze()


def print_by_lines():
    """What a task prints is seen as it is printed, and a crash loses no line that was finished."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(line_buffering=True)


def after_fork():
    """In a task's process: what fork does not carry over, and what no two tasks should share."""
    for number, handler in _state["signals"]:
        signal.signal(number, handler)
    if _state["random"] is not None:
        random.setstate(_state["random"])
    if _state.get("reseed_numpy"):
        sys.modules["numpy.random"].seed()


def finish():
    """What Python does at the end of a process, but for tearing down its modules."""
    threading = sys.modules.get("threading")
    if threading is not None:
        threading._shutdown()
    import atexit

    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass
