"""What is noted about a run besides its values: the tags that every run bears, and the namespace that it looks into."""

import os
import sys

from backlot import identity
from backlot.current import current

__version__ = "0.1.0"
METAFLOW_VERSION = "2.19.39"  # whose documented behaviour this package answers with

_chosen = {"namespace": False}  # False: the user's own


def version():
    """The version that is told to who asks Metaflow for it."""
    return f"{METAFLOW_VERSION}+backlot{__version__}"


def own_namespace():
    """The namespace that is one's own: "user:alice", or "production:TOKEN" where a deployment set its token."""
    token = os.environ.get("METAFLOW_PRODUCTION_TOKEN")
    return f"production:{token}" if token else f"user:{identity.username()}"


def first_namespace():
    """The namespace that the client begins with: that of --namespace, else one's own."""
    return own_namespace() if _chosen["namespace"] is False else _chosen["namespace"]


def settle(program, options):
    """In the front and in each fresh process: what the options of a run say to `current` and the client."""
    if options.get("user_namespace") is not None:
        _chosen["namespace"] = options["user_namespace"] or None
    current._tags = set(options.get("tags") or ())


def system_tags(program):
    """The tags that every run bears, by which namespaces tell runs apart."""
    tags = [
        own_namespace(),
        "runtime:dev",
        "python_version:{}.{}.{}".format(*sys.version_info),
        f"metaflow_version:{version()}",
    ]
    if program.project:
        tags += [f"project:{program.project['project_name']}", f"project_branch:{program.project['branch_name']}"]
    return tags
