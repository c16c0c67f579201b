"""The process that a task runs in: made from the one that imported the flow, and ended as Python ends."""

import atexit
import gc
import os
import signal
import sys

from backlot import open_files, randomness

_state = {"forked": False}


def reason_for_fresh(flow):
    """Why this process must not be forked for a task; empty when it may."""
    if getattr(flow, "_fresh_processes", False):
        return "the flow has _fresh_processes"
    _close_client()
    reason = open_files.unshareable() or _children()
    if reason:
        return reason
    threads = _foreign_threads()
    if threads:
        return f"the flow's module started {threads} thread{'s' if threads > 1 else ''}"
    return randomness.reason_for_fresh()


def _children():
    """A process can only be waited for by the one that started it."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return ""
    return "the flow's module started a process"


def _close_client():
    """What the flow's module has read by the client is opened again when it is asked for."""
    client = sys.modules.get("backlot.client")
    if client is not None:
        client.close()


def _foreign_threads():
    """How many threads there are besides this one that do not make way for a fork."""
    count = _threads() - 1
    if count and _python_threads() == 0:
        # OpenBLAS starts its threads when it is loaded, ends them before every fork, and starts them again when they
        # are needed: after a fork for nothing they are gone.
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        count = _threads() - 1
    return count


def _threads():
    """How many threads there are, without that of jemalloc (pyarrow's), which holds no lock while its process forks."""
    count = 0
    for number in os.listdir("/proc/self/task"):
        try:
            with open(f"/proc/self/task/{number}/comm") as file:
                count += file.read() != "jemalloc_bg_thd\n"
        except OSError:  # it has ended
            pass
    return count


def _python_threads():
    threading = sys.modules.get("threading")
    return threading.active_count() - 1 if threading is not None else 0


def before_fork(reason_for_fresh):
    """What the processes of tasks will find as it is now."""
    _state["randomness"] = randomness.before_fork()
    _state["signals"] = [
        (s, handler)
        for s in signal.valid_signals()
        if (handler := signal.getsignal(s)) not in (signal.SIG_DFL, None)
    ]
    _close_client()
    if "numpy" in sys.modules:
        from backlot import _numpy_check

        _numpy_check.ensure()
    print_by_lines()
    if not reason_for_fresh:  # else nothing is forked that would write it once more: it stays to its owner
        open_files.before_fork()
    weakref = sys.modules.get("weakref")
    if weakref is not None and not weakref.finalize._registry:
        # The first that a task makes registers again. Noted here, so that tasks need not touch it.
        weakref.finalize._registered_with_atexit = False
    gc.collect()
    gc.freeze()


def after_run():
    """The process that ran the flow's file ends as every process of Python: what is frozen would never be finalized. That
    is done when the interpreter takes its modules down; it need not look for cycles once more before that."""
    gc.unfreeze()
    atexit.register(gc.disable)


def print_by_lines():
    """What a task prints is seen as it is printed, and a crash loses no line that was finished."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(line_buffering=True)


def after_fork():
    """In a task's process: what fork does not carry over, and what no two tasks should share."""
    _state["forked"] = True
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # it was closed when the program began; the task has its own
            setattr(sys, name, open(1 if name == "stdout" else 2, "w", buffering=1, closefd=False))
    for number, handler in _state["signals"]:
        signal.signal(number, handler)
    for seed in _state["randomness"]:
        seed()
    _leave_exit_handlers()
    open_files.after_fork()


def _leave_exit_handlers():
    """What was to be done at the end of the process that was forked is for that process to do: a temporary folder of the
    flow's module is there until the run ends. What is for every process is done by finish()."""
    atexit._clear()
    finalize = getattr(sys.modules.get("weakref"), "finalize", None)
    if finalize is not None and finalize._registry:
        for finalizer in list(finalize._registry):
            finalizer.detach()
        finalize._registered_with_atexit = False  # the next one that is made registers again
    util = sys.modules.get("multiprocessing.util")
    if util is not None:  # ends the processes that the task starts
        util._finalizer_registry.clear()
        atexit.register(util._exit_function)


def finish():
    """What Python does at the end of a process, but for tearing down its modules."""
    threading = sys.modules.get("threading")
    if threading is not None:
        threading._shutdown()
    atexit._run_exitfuncs()
    logging = sys.modules.get("logging")
    if logging is not None and _state["forked"]:
        logging.shutdown()
    open_files.finish(_state["forked"])
