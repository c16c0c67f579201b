"""multiprocessing with fresh interpreters finds the flow's functions.

"You should be able to develop and debug your Metaflow scripts similar to how you develop any Python scripts locally."
(Debugging Flows)

$ python flow.py run
"""

import multiprocessing

from metaflow import FlowSpec, step


def cube(n):
    return n**3


class SpawnedFlow(FlowSpec):
    @step
    def start(self):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            self.cubes = pool.map(cube, [2, 3])
        self.next(self.end)

    @step
    def end(self):
        print(self.cubes)


if __name__ == "__main__":
    SpawnedFlow()
