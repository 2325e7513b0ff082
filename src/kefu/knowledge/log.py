"""What people searched for; texts come in guarded."""

from kefu.knowledge.models import SearchLog


def log_search(query: str, language: str, hits: int) -> None:
    """Note a finished search and how many articles fitted."""
    SearchLog.objects.create(query=query[:200], language=language, hits=min(hits, 32_000))
