"""A step that never succeeds.

"By default, `retry` will retry the step for three times before giving up." (Dealing with Failures)

$ python flow.py run
"""

from metaflow import FlowSpec, current, retry, step


class RetryExhaustedFlow(FlowSpec):
    @retry(times=1, minutes_between_retries=0)
    @step
    def start(self):
        raise ValueError("attempt %d" % current.retry_count)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    RetryExhaustedFlow()
