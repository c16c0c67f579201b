"""`parallel_map`: a function over many values, each in a process forked from this one. Closures and lambdas work."""

import os
import sys
import tempfile


class MulticoreException(Exception):
    """A process of parallel_map failed; what it raised was printed to standard error."""


def parallel_map(func, iterable, max_parallel=None, dir=None):
    """[func(x) for x in iterable], as many at a time as there are cores, or `max_parallel`."""

    def numbered(pair):
        return pair[0], func(pair[1])

    done = dict(parallel_imap_unordered(numbered, enumerate(iterable), max_parallel, dir))
    return [done[index] for index in range(len(done))]


def parallel_imap_unordered(func, iterable, max_parallel=None, dir=None):
    """The same one by one, in the order in which they are ready."""
    if max_parallel is None:
        max_parallel = len(os.sched_getaffinity(0))
    values, running = iter(iterable), {}
    try:
        while True:
            while len(running) < max(1, max_parallel):
                try:
                    value = next(values)
                except StopIteration:
                    break
                pid, result = _start(func, value, dir)
                running[pid] = result
            if not running:
                return
            yield _finish(running)
    finally:
        for pid, result in running.items():  # only when it is left early
            os.waitpid(pid, 0)
            result.close()


def _start(func, value, folder):
    result = tempfile.TemporaryFile(prefix="parallel_map_", dir=folder)
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            import pickle

            pickle.dump(func(value), result, protocol=pickle.HIGHEST_PROTOCOL)
            result.flush()
            code = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            try:
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(code)
    return pid, result


def _finish(running):
    """Waits for one of our own processes, and for no other of this process, and returns its result."""
    import pickle
    import select

    pid = next(iter(running))
    if len(running) > 1:
        pid = _first_to_end(running, select)
    _, status = os.waitpid(pid, 0)
    with running.pop(pid) as result:
        if status != 0:
            raise MulticoreException("Child failed")
        result.seek(0)
        return pickle.load(result)


def _first_to_end(running, select):
    poll, by_fd = select.poll(), {}
    try:
        for pid in running:
            fd = os.pidfd_open(pid)
            by_fd[fd] = pid
            poll.register(fd, select.POLLIN)
        return by_fd[poll.poll()[0][0]]
    finally:
        for fd in by_fd:
            os.close(fd)
