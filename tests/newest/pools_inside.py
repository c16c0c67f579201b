# needs: numpy
"""Threads, process pools of both kinds, subprocesses and an event loop inside of steps."""

import asyncio
import concurrent.futures
import multiprocessing
import subprocess
import sys
import threading

import numpy as np
from metaflow import FlowSpec, step


def norm(seed):
    return float(np.linalg.norm(np.random.default_rng(seed).normal(size=(50, 50))))


async def doubled(i):
    await asyncio.sleep(0.001)
    return 2 * i


class PoolsInside(FlowSpec):
    @step
    def start(self):
        self.expected = [norm(i) for i in range(8)]
        self.kinds = ["threads", "processes", "pool", "spawn", "loop", "subprocess", "left_running"]
        self.next(self.work, foreach="kinds")

    @step
    def work(self):
        self.found = getattr(self, "_" + self.input)()
        self.next(self.join)

    def _threads(self):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            return list(pool.map(norm, range(8)))

    def _processes(self):
        with concurrent.futures.ProcessPoolExecutor(2) as pool:
            return list(pool.map(norm, range(8)))

    def _pool(self):
        with multiprocessing.Pool(2) as pool:
            return pool.map(norm, range(8))

    def _spawn(self):
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            return pool.map(norm, range(8))

    def _loop(self):
        async def all_of():
            return await asyncio.gather(*(doubled(i) for i in range(8)))

        assert asyncio.run(all_of()) == [2 * i for i in range(8)]
        return self.expected

    def _subprocess(self):
        done = subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True, check=True)
        assert done.stdout == "42\n"
        return self.expected

    def _left_running(self):
        threading.Thread(target=threading.Event().wait, daemon=True).start()  # never ends: the task must
        return self.expected

    @step
    def join(self, inputs):
        self.expected = inputs[0].expected
        self.found = {i.input: i.found for i in inputs}
        self.next(self.end)

    @step
    def end(self):
        assert len(self.found) == 7
        for kind, found in self.found.items():
            assert found == self.expected, kind


if __name__ == "__main__":
    PoolsInside()
