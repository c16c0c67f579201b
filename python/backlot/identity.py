"""Who runs a flow."""

import os


def username():
    """METAFLOW_USER, else who is logged in; the name that runs are kept under."""
    for name in ("METAFLOW_USER", "BACKLOT_USER", "SUDO_USER", "USERNAME", "USER"):
        user = os.environ.get(name)
        if user and user != "root":
            return user
    import pwd

    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
