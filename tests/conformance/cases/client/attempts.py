"""An earlier attempt of a task can be looked at.

"Each task will have only one set of results." (Dealing with Failures)

$ python flow.py run
$ python -c "import flow; flow.client()"
"""

from metaflow import FlowSpec, current, retry, step


class AttemptsFlow(FlowSpec):
    @retry(times=1, minutes_between_retries=0)
    @step
    def start(self):
        self.n = current.retry_count
        print("attempt", self.n)
        if self.n == 0:
            raise ValueError("first")
        self.next(self.end)

    @step
    def end(self):
        pass


def client():
    from metaflow import Flow, Task

    task = Flow("AttemptsFlow").latest_run["start"].task
    first = Task(task.pathspec, attempt=0)
    print(task.data.n, task.successful, task.current_attempt, task.stdout.strip())
    print(first.data.n, first.successful, first.current_attempt, first.stdout.strip(), first.exception.exception)
    print(sorted(m.value for m in task.metadata if m.type == "attempt"))


if __name__ == "__main__":
    AttemptsFlow()
