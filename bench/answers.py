"""The starter content as a test: a question left out of training, a question against the other language only, chit-chat."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from bench.table import Row
from kefu.text.markup import plain
from kefu.text.retrieval import Index

CONTENT = Path(__file__).resolve().parents[1] / "content" / "articles"
OUTSIDE = ["how do I cook rice with lemons", "番茄炒蛋怎么做", "who won the football game", "今天天气怎么样", "write me a poem", "推荐一部电影",
           "what is the capital of France", "我女朋友生气了怎么办", "how to fix my bicycle", "如何减肥"]  # fmt: skip


def rows(full: bool) -> Iterator[Row]:
    articles = list(load())
    for language in ("zh-hans", "en"):
        right = total = 0
        for fold in range(4):
            index = Index()
            held = []
            for slug, lang, meta, body in articles:
                examples = meta["questions"] if lang != language else [q for n, q in enumerate(meta["questions"]) if n % 4 != fold]
                held += [(q, slug) for n, q in enumerate(meta["questions"]) if lang == language and n % 4 == fold]
                index.add(slug, {"title": meta["title"], "summary": meta["summary"], "body": plain(body)}, lang, examples)
            index.train()
            right += sum(index.answer(q, k=1, language=language)[0].doc_id == slug for q, slug in held)
            total += len(held)
        yield Row(f"articles, unseen questions, {language}: hit@1", f"{right / total:.1%} of {total}", "≥ 80 %", ok=right / total >= 0.8)
    for asked, known in (("zh-hans", "en"), ("en", "zh-hans")):
        index = Index()
        for slug, lang, meta, body in articles:
            if lang == known:
                index.add(slug, {"title": meta["title"], "summary": meta["summary"], "body": plain(body)}, lang, meta["questions"])
        index.train()
        held = [(q, slug) for slug, lang, meta, _ in articles if lang == asked for q in meta["questions"]]
        right = sum(bool(found := index.answer(q, k=1)) and found[0].doc_id == slug for q, slug in held) / len(held)
        yield Row(f"articles only in {known}, asked in {asked}: hit@1", f"{right:.1%} of {len(held)}", "≥ 75 %", ok=right >= 0.75)
    index = Index()
    for slug, lang, meta, body in articles:
        index.add(slug, {"title": meta["title"], "summary": meta["summary"], "body": plain(body)}, lang, meta["questions"])
    index.train()
    fooled = [q for q in OUTSIDE if (found := index.answer(q, k=1)) and found[0].confidence >= 0.6]
    yield Row("questions about something else that get an answer", f"{len(fooled)} of {len(OUTSIDE)}", "0", ok=not fooled)


def load():
    for path in sorted(CONTENT.glob("*/*.md")):
        slug, _, language = path.stem.rpartition(".")
        _, front, body = path.read_text("utf-8").split("+++", 2)
        yield slug, language, tomllib.loads(front), body
