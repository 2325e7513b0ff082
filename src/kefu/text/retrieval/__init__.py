"""Finding the texts that answer a question, in any of the languages, with a confidence that means something."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kefu.text.retrieval.highlight import best_passage, highlight
from kefu.text.retrieval.wording import notions

if TYPE_CHECKING:
    from kefu.text.retrieval.index import Hit, Index

__all__ = ["Hit", "Index", "best_passage", "highlight", "notions"]


def __getattr__(name: str) -> Any:
    """The index only when somebody wants it: it brings numpy, which takes a third of a second to load."""
    if name in {"Hit", "Index"}:
        return getattr(import_module("kefu.text.retrieval.index"), name)
    raise AttributeError(name)
