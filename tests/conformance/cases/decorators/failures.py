"""Custom decorators with retry, catch and timeout: they are called in every attempt, and see what the step raises.

"a decorator can take action if the user code fails" (Advanced Custom Decorators)

$ python flow.py run
"""

import os
import time

from metaflow import FlowSpec, catch, current, retry, step, timeout, user_step_decorator


@user_step_decorator
def tells(step_name, flow, inputs=None, attributes=None):
    print("before", current.retry_count)
    try:
        yield
    except Exception as error:
        print("saw", type(error).__name__, "in attempt", current.retry_count)
        if attributes.get("keep") == type(error).__name__:
            flow.kept = type(error).__name__
        else:
            raise
    else:
        print("well", current.retry_count)


@user_step_decorator
def other_way(step_name, flow, inputs=None, attributes=None):
    def instead(self):
        self.instead = True
        return True

    if current.retry_count == 0:
        yield
    else:
        yield instead


class FailuresFlow(FlowSpec):
    @retry(times=2, minutes_between_retries=0)
    @tells
    @step
    def start(self):
        if current.retry_count < 2:
            raise ValueError("not yet")
        self.next(self.caught)

    @tells
    @catch(var="problem", print_exception=False)
    @retry(times=1, minutes_between_retries=0)
    @step
    def caught(self):
        raise ValueError("never")
        self.next(self.killed)

    @catch(var="end_of_process", print_exception=False)
    @tells(keep="FailureHandledByCatch")
    @retry(times=1, minutes_between_retries=0)
    @step
    def killed(self):
        os.kill(os.getpid(), 9)
        self.next(self.slow)

    @tells(keep="TimeoutException")
    @timeout(seconds=1)
    @step
    def slow(self):
        time.sleep(30)
        self.next(self.fallback)

    @other_way
    @retry(times=1, minutes_between_retries=0)
    @step
    def fallback(self):
        raise ValueError("in the step")
        self.next(self.end)

    @step
    def end(self):
        print(self.problem.exception, self.end_of_process, self.kept, self.instead)


if __name__ == "__main__":
    FailuresFlow()
