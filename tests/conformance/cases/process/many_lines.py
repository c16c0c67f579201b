"""A task that prints much.

"A string containing the standard output of this `Task`." (Client API)

$ python flow.py run | tail -4 | cut -d' ' -f3- | sed 's/.*] //'
$ python -c "import flow; flow.client()"
"""

from metaflow import FlowSpec, step


class ManyLinesFlow(FlowSpec):
    @step
    def start(self):
        for i in range(20_000):
            print("line", i)
        self.next(self.end)

    @step
    def end(self):
        pass


def client():
    from metaflow import Flow

    task = Flow("ManyLinesFlow").latest_run["start"].task
    text = task.stdout
    print(len(text.splitlines()), text.splitlines()[-1], text[:7])
    task.stdout  # twice


if __name__ == "__main__":
    ManyLinesFlow()
