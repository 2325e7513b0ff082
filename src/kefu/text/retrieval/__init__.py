"""Finding the texts that answer a question, in any of the languages, with a confidence that means something."""

from kefu.text.retrieval.highlight import best_passage, highlight
from kefu.text.retrieval.index import Hit, Index

__all__ = ["Hit", "Index", "best_passage", "highlight"]
