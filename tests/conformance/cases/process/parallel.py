"""Processes, threads and subprocesses in a step.

"You should be able to develop and debug your Metaflow scripts similar to how you develop any Python scripts locally."
(Debugging Flows)

$ python flow.py run
"""

import concurrent.futures
import multiprocessing
import subprocess
import sys
import threading

from metaflow import FlowSpec, parallel_map, step


def square(n):
    return n * n


class ParallelFlow(FlowSpec):
    @step
    def start(self):
        with multiprocessing.Pool(2) as pool:
            self.pooled = pool.map(square, [1, 2, 3])
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            self.threaded = list(pool.map(square, [4, 5]))
        self.mapped = parallel_map(lambda n: n + 1, [1, 2])
        self.said = subprocess.run([sys.executable, "-c", "print(1 + 1)"], capture_output=True, text=True).stdout
        threading.Thread(target=lambda: print("from a thread")).start()
        self.next(self.end)

    @step
    def end(self):
        print(self.pooled, self.threaded, self.mapped, self.said.strip())


if __name__ == "__main__":
    ParallelFlow()
