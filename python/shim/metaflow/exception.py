from backlot.exception import *  # noqa: F401,F403
