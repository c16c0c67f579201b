"""Decorators and mutators that authors write themselves. Nothing here is imported by flows that have none."""
