"""What a feature says: what it puts into the flow of a shape, and what is done with that flow.

The docstring of a feature quotes the sentence of Metaflow's documentation that it tests.
"""

import re

from commands import Do


class Feature:
    modules = ()  # that the flow imports
    imports = ()  # names from metaflow
    before = ""  # lines above the class
    of_flow = ()  # decorators of the class
    members = ""  # lines in the class, above the steps
    derived = ""  # lines of the flow's class, where the class with the steps is its base in another file

    @property
    def name(self):
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self).__name__).lower()

    def senseless(self, shape):
        """Why there is no such case, or None."""

    def decorators(self, shape, step):
        return []

    def body(self, shape, step):
        return []

    def files(self, shape, flow):
        """Files beside flow.py: text by name."""
        return {}

    def commands(self, shape):
        return [Do()]


NO_JOIN = "the shape has no join"
NO_FOREACH = "the shape has no foreach"
NOTHING_BEFORE = "no task ends before the one that fails, so there is nothing to resume"
