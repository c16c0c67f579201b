"""catch takes over when all attempts have failed.

"After all retries are exhausted, `catch` takes over and records an exception" (Dealing with Failures)

$ python flow.py run
"""

from metaflow import FlowSpec, catch, current, retry, step


class CatchAfterRetryFlow(FlowSpec):
    @catch(var="failed", print_exception=False)
    @retry(times=1, minutes_between_retries=0)
    @step
    def start(self):
        self.tries = current.retry_count
        print("attempt", current.retry_count)
        raise ValueError("attempt %d" % current.retry_count)
        self.next(self.end)

    @step
    def end(self):
        print(self.tries, self.failed.exception)


if __name__ == "__main__":
    CatchAfterRetryFlow()
