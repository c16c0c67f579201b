"""Runs are started from Python.

"Runner ... allows you to manage runs programmatically" (Runner)

$ python -c "import flow; flow.client()"
"""

from metaflow import FlowSpec, Parameter, step


class RunnerFlow(FlowSpec):
    alpha = Parameter("alpha", default=1)

    @step
    def start(self):
        self.y = self.alpha * 2
        self.next(self.end)

    @step
    def end(self):
        if self.alpha == 13:
            raise ValueError("unlucky")


def client():
    from metaflow import Runner

    with Runner("flow.py", show_output=False).run(alpha=5, tags=["a", "b"]) as running:
        print(running.status, running.returncode, running.run.data.y, sorted(running.run.user_tags))
        print("Done!" in running.stdout, running.run.successful)
    with Runner("flow.py", show_output=False).run(alpha=13) as running:
        print(running.status, running.run.successful)


if __name__ == "__main__":
    RunnerFlow()
