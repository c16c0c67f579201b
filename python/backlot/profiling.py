"""`profile`: how long a block of code takes."""

import contextlib
import time


@contextlib.contextmanager
def profile(label, stats_dict=None):
    """Prints how long the block took, or adds its milliseconds to `stats_dict[label]`."""
    if stats_dict is None:
        print(f"PROFILE: {label} starting")
    start = time.monotonic()
    yield
    took = int((time.monotonic() - start) * 1000)
    if stats_dict is None:
        print(f"PROFILE: {label} completed in {took}ms")
    else:
        stats_dict[label] = stats_dict.get(label, 0) + took
