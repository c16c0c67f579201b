"""A step is tried again until it succeeds.

"`retry` retries the step three times." (Dealing with Failures)

$ python flow.py run
"""

from metaflow import FlowSpec, current, retry, step


class RetryFlow(FlowSpec):
    @retry(minutes_between_retries=0)
    @step
    def start(self):
        self.tries = current.retry_count
        print("attempt", current.retry_count)
        if current.retry_count < 2:
            self.only_failed = True
            raise ValueError("bad luck")
        self.next(self.end)

    @step
    def end(self):
        print(self.tries, hasattr(self, "only_failed"))


if __name__ == "__main__":
    RetryFlow()
