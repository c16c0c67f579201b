"""How commands of Metaflow's extensions print."""

import sys


def echo_always(line, err=True, nl=True, **style):
    """Prints a line to standard error, or to standard output; colours are left out."""
    print(line, end="\n" if nl else "", file=sys.stderr if err else sys.stdout, flush=True)


def echo_dev_null(*args, **kwargs):
    """Prints nothing."""


def logger(body="", system_msg=False, head="", bad=False, timestamp=True, nl=True):
    """Prints a line with the time before it."""
    if timestamp:
        import datetime

        time = datetime.datetime.now() if timestamp is True else timestamp
        head = f"{time:%Y-%m-%d %H:%M:%S}.{time.microsecond // 1000:03} {head}"
    print(f"{head}{body}", end="\n" if nl else "", file=sys.stderr if bad else sys.stdout, flush=True)
