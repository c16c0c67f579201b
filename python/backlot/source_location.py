"""Where in the author's source something is said, and tracebacks that are about that source only."""

import os
import sys

_HERE = os.path.dirname(__file__) + os.sep


def is_ours(file):
    """Whether it is one of this package."""
    return file.startswith(_HERE)


def of_caller():
    """(file, line) of the innermost frame that is not ours."""
    frame = sys._getframe(1)
    while frame.f_back is not None and is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def show_own_frames(error):
    """Takes our frames off both ends of an exception's traceback: it is about the flow's own code."""
    frames = error.__traceback__
    while frames is not None and is_ours(frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    error.__traceback__ = frames or error.__traceback__
    seen = set()
    while error is not None and id(error) not in seen:  # it, and what led to it
        seen.add(id(error))
        _end_in_own_frame(error.__traceback__)
        error = error.__cause__ or error.__context__


def _end_in_own_frame(frames):
    last = None
    while frames is not None:
        if not is_ours(frames.tb_frame.f_code.co_filename):
            last = frames
        frames = frames.tb_next
    if last is not None:
        last.tb_next = None
