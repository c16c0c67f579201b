"""`import metaflow`, answered by Backlot."""

from backlot import *  # noqa: F401,F403
from backlot import __getattr__  # noqa: F401
from backlot import exception  # noqa: F401
