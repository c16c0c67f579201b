"""Where in the author's source something is said."""

import os
import sys

_HERE = os.path.dirname(__file__)


def of_caller():
    """(file, line) of the innermost frame that is not ours."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_HERE):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno
