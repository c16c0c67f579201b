"""The logs of the last attempt.

"the logs returned by `task` show the output of the last attempt only." (Dealing with Failures)

$ python flow.py run
"""

from metaflow import FlowSpec, current, retry, step


class OfRetriesFlow(FlowSpec):
    @retry(times=1, minutes_between_retries=0)
    @step
    def start(self):
        print("output of attempt", current.retry_count)
        if not current.retry_count:
            raise ValueError("first")
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    OfRetriesFlow()
