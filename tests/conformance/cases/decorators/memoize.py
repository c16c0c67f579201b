"""The decorator of the documentation that reuses the result of the last run, which it finds by the client.

"The following example leverages the feature to implement a `@memoize` decorator that reuses past results, skipping
redundant recomputation" (Advanced Custom Decorators)

$ python flow.py run
$ python flow.py run
$ python flow.py run --reset True
"""

from metaflow import Flow, FlowSpec, Parameter, current, step, user_step_decorator


@user_step_decorator
def memoize(step_name, flow, inputs=None, attributes=None):
    artifact = attributes["artifact"]
    reset = attributes.get("reset")
    if reset and getattr(flow, reset, False):
        print("memoized results disabled - running the step")
        yield
    else:
        try:
            run = Flow(current.flow_name).latest_successful_run
            previous_value = run[step_name].task[artifact].data
        except Exception:
            print("previous results not found - running the step")
            yield
        else:
            print("reusing results from a previous run")
            setattr(flow, artifact, previous_value)
            yield {}


class MemoizeFlow(FlowSpec):
    reset = Parameter("reset", default=False)

    @step
    def start(self):
        self.next(self.compute_fare)

    @memoize(artifact="total_fare", reset="reset")
    @step
    def compute_fare(self):
        print("computing")
        self.total_fare = 42
        self.next(self.end)

    @step
    def end(self):
        print("Total taxi fares:", self.total_fare)


if __name__ == "__main__":
    MemoizeFlow()
