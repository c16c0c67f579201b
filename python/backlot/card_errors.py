"""What can go wrong with cards, under the names that Metaflow gave it."""

from backlot.exception import MetaflowException


def _kind(name, headline):
    return type(name, (MetaflowException,), {"headline": headline, "__module__": __name__})


CardClassFoundException = _kind("CardClassFoundException", "MetaflowCard not found")
CardNotPresentException = _kind("CardNotPresentException", "Card not found")
ComponentOverwriteNotSupportedException = _kind("ComponentOverwriteNotSupportedException", "Component overwrite")
IncorrectArgumentException = _kind("IncorrectArgumentException", "Incorrect argument")
IncorrectCardArgsException = _kind("IncorrectCardArgsException", "Incorrect options of a card")
IncorrectPathspecException = _kind("IncorrectPathspecException", "Incorrect pathspec")
TaskNotFoundException = _kind("TaskNotFoundException", "Task not found")
TypeRequiredException = _kind("TypeRequiredException", "Card type missing")
UnrenderableCardException = _kind("UnrenderableCardException", "Unable to draw the card")
UnresolvableDatastoreException = _kind("UnresolvableDatastoreException", "Cannot find where cards are kept")
