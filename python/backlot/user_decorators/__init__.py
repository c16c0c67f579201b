"""Decorators and mutators that authors write themselves. Nothing here is imported by flows that have none."""

from backlot.user_decorators import mutating, specs, wrapping

__all__ = ["mutating", "specs", "wrapping"]
