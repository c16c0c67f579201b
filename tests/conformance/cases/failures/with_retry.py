"""`--with retry` for all steps but those that forbid it.

"you should add `times=0` in the code" (Dealing with Failures)

$ python flow.py run --with retry:times=1,minutes_between_retries=0
$ python flow.py --with retry:times=1 run
"""

from metaflow import FlowSpec, current, retry, step


class WithRetryFlow(FlowSpec):
    @step
    def start(self):
        if current.retry_count == 0:
            raise ValueError("once")
        self.next(self.money)

    @retry(times=0)
    @step
    def money(self):
        raise ValueError("never again")
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    WithRetryFlow()
