"""What goes wrong, and what is done about it."""

from commands import Do, Shell
from features.base import NOTHING_BEFORE, Feature


def fails(shape, step, lines):
    name, when = shape.what_is_caught()
    return [f"if {when}:", *(f"    {line}" for line in lines)] if step.name == name else []


def at_what_is_caught(shape, step, *decorators):
    return list(decorators) if step.name == shape.what_is_caught()[0] else []


def told(step, var):
    """The lines that tell what was caught before."""
    if step.join:
        return [
            f'self.{var} = [i.{var} for i in inputs if hasattr(i, "{var}")]',
            f"print(sorted(type(f).__name__ for f in self.{var}))",
        ]
    return [f'print(type(getattr(self, "{var}", None)).__name__)']


class Retry(Feature):
    """A task that fails once is tried again.

    "`@retry` ... the task is retried" (Dealing with Failures)
    """

    imports = ("current", "retry")

    def decorators(self, shape, step):
        return ["@retry(times=2, minutes_between_retries=0)"] if step.name == shape.culprit else []

    def body(self, shape, step):
        if step.name != shape.culprit:
            return []
        return [
            'print("attempt", current.retry_count)',
            "self.tries = current.retry_count",
            f"if {shape.when} and current.retry_count == 0:",
            '    raise ValueError("not yet")',
        ]


class Caught(Feature):
    """A task that fails is kept from ending the run.

    "`@catch` ... the exception is stored in an artifact" (Dealing with Failures)
    """

    imports = ("catch",)

    def decorators(self, shape, step):
        return at_what_is_caught(shape, step, '@catch(var="failed")')

    def body(self, shape, step):
        return [*fails(shape, step, ["self.kept = 1", "1 / 0"]), *told(step, "failed")]


class CaughtAfterRetry(Feature):
    """A task that always fails is retried and then caught.

    "`@retry` and `@catch` ... can be used together" (Dealing with Failures)
    """

    imports = ("catch", "retry", "current")

    def decorators(self, shape, step):
        catch = '@catch(var="failed", print_exception=False)'
        return at_what_is_caught(shape, step, catch, "@retry(times=1, minutes_between_retries=0)")

    def body(self, shape, step):
        return [*fails(shape, step, ['raise KeyError("try %d" % current.retry_count)']), *told(step, "failed")]


class TimedOut(Feature):
    """A task that takes too long is ended and caught.

    "`@timeout` ... raises an exception when the step takes too long" (Dealing with Failures)
    """

    modules = ("time",)
    imports = ("catch", "timeout")

    def decorators(self, shape, step):
        return at_what_is_caught(shape, step, '@catch(var="slow", print_exception=False)', "@timeout(seconds=2)")

    def body(self, shape, step):
        return [*fails(shape, step, ["time.sleep(30)"]), *told(step, "slow")]


class Broken(Feature):
    """The base of what is resumed: one task fails after all others that do not need it."""

    modules = ("os", "pathlib", "time")
    before = '''
def leave(step):
    """Notes that a task has nothing more to do."""
    pathlib.Path(f"done-{step}-{os.getpid()}").touch()


def fail_unless_mended(others):
    """Fails when the other tasks have ended: what has ended when a run fails must not be chance."""
    if os.path.exists("mended"):
        return
    began = time.time()
    while len(list(pathlib.Path().glob("done-*"))) < others and time.time() < began + 60:
        time.sleep(0.05)
    time.sleep(1)
    raise ValueError("not mended")
'''

    def senseless(self, shape):
        return None if shape.others else NOTHING_BEFORE

    def body(self, shape, step):
        lines = ['print("running")']
        if step.name == shape.culprit:
            lines += [f"if {shape.when}:", f"    fail_unless_mended({shape.others})"]
        return [*lines, f"leave({step.name!r})"]


class Resume(Broken):
    """A run that failed is resumed where it failed.

    "resuming reuses results of every successful step instead of actually running them." (Debugging Flows)
    """

    def commands(self, shape):
        return [Do(), Shell("touch mended"), Do("resume")]


class ResumeAgain(Broken):
    """A resumed run fails again at its end, and is itself resumed.

    "resume ... --origin-run-id" names the run to go on from (Debugging Flows)
    """

    imports = ("Parameter",)
    members = 'word = Parameter("word", default="default")'

    def body(self, shape, step):
        lines = ['print("running", self.word)']
        return [*lines, "fail_unless_mended(0)"] if step.name == shape.last else lines

    def commands(self, shape):
        resume = Do("resume", options={"origin_run_id": "$RUN"})
        return [Do(options={"word": "given"}), resume, Shell("touch mended"), resume]


class ResumeFromStep(Feature):
    """A run that succeeded is run again from a step.

    "`resume` ... takes the name of a step to resume from" (Debugging Flows)
    """

    modules = ("os",)

    def senseless(self, shape):
        return None if shape.others else NOTHING_BEFORE

    def body(self, shape, step):
        return ['print("running", os.environ.get("AGAIN"))']

    def commands(self, shape):
        return [Do(), Do("resume", step=shape.culprit, variables="AGAIN=1")]
