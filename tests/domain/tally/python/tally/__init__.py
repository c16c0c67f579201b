"""A domain that is there for the tests."""

from backlot._tally import count_words

__all__ = ["count_words"]
