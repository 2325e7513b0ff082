"""Questions to intents on public sets, against a linear SVM in the same run; the wish for a human on unrelated questions."""

import csv
import json
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.table import DATA, Row, not_here
from kefu.text.handoff import wants_human
from kefu.text.retrieval import Index

ROOT = Path(__file__).resolve().parents[1]

Pairs = Sequence[tuple[str, str]]


def rows(full: bool) -> Iterator[Row]:
    folder = DATA / "intents"
    if not folder.exists():
        yield not_here("BANKING77, CLINC150", "≥ 91 %, ≥ 92.5 %")
        return
    train, test = (read(folder / f"banking77_{part}.csv") for part in ("train", "test"))
    index, took = build(train)
    right = sum(index.answer(q, k=1)[0].doc_id == label for q, label in test) / len(test)
    yield Row("BANKING77: accuracy", f"{right:.1%} (trained in {took:.1f} s)", "≥ 91 %", svm(train, test), right >= 0.91)
    clinc = json.loads((folder / "clinc150.json").read_text("utf-8"))
    index, took = build([tuple(pair) for pair in clinc["train"]])
    hits = [(index.answer(q, k=1)[0], label) for q, label in clinc["test"]]
    right = sum(hit.doc_id == label for hit, label in hits) / len(hits)
    outside = [found[0].confidence if (found := index.answer(q, k=1)) else 0.0 for q, _ in clinc["oos_test"]]
    area = auroc([hit.confidence for hit, _ in hits], outside)
    yield Row(
        "CLINC150: accuracy in scope",
        f"{right:.1%} (trained in {took:.1f} s)",
        "≥ 92.5 %",
        svm(clinc["train"], clinc["test"]),
        right >= 0.925,
    )
    yield Row("CLINC150: AUROC of the confidence", f"{area:.3f}", "≥ .955", ok=area >= 0.955)
    questions = [q for part in clinc.values() for q, _ in part] + [q for q, _ in train]
    false = sum(map(wants_human, questions)) / len(questions)
    yield from heard()
    yield Row("wish for a human: false alarms", f"{false:.2%} of {len(questions)} questions", "≤ 0.3 %", ok=false <= 0.003)


def heard() -> Iterator[Row]:
    """Sentences that only measure: every second one of each list, from which no rule was made."""
    sentences = tomllib.loads((ROOT / "tests" / "text" / "sentences" / "handoff.toml").read_text("utf-8"))
    held = {kind: {name: text.split("\n")[1::2] for name, text in by.items()} for kind, by in sentences.items()}
    recall = {name: sum(map(wants_human, lines)) / len(lines) for name, lines in held["wish"].items()}
    total = sum(len(lines) for lines in held["wish"].values())
    right = sum(recall[name] * len(lines) for name, lines in held["wish"].items()) / total
    worst = min(recall, key=recall.__getitem__)
    figure = f"{right:.1%} of {total} in {len(recall)} languages, least {worst} {recall[worst]:.0%}"
    yield Row("wish for a human: recall", figure, "≥ 95 %", ok=right >= 0.95)
    other = [line for lines in held["other"].values() for line in lines]
    false = sum(map(wants_human, other))
    yield Row("wish for a human: look-alike sentences taken for one", f"{false} of {len(other)}", "≤ 3 %", ok=false <= 0.03 * len(other))


def read(path) -> Pairs:
    with path.open(encoding="utf-8") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file)]


def build(pairs: Pairs) -> tuple[Index, float]:
    by_label: dict[str, list[str]] = defaultdict(list)
    for text, label in pairs:
        by_label[label].append(text)
    index = Index()
    for label, texts in by_label.items():
        index.add(label, [], examples=texts)
    at = time.perf_counter()
    index.train()
    return index, time.perf_counter() - at


def svm(train: Pairs, test: Pairs) -> str:
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.svm import LinearSVC
    except ImportError:
        return "peer not installed: scikit-learn"
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    model = LinearSVC(C=0.5).fit(vectorizer.fit_transform([t for t, _ in train]), [label for _, label in train])
    return f"LinearSVC {model.score(vectorizer.transform([t for t, _ in test]), [label for _, label in test]):.1%}"


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive scores above a negative (Mann–Whitney)."""
    scored = sorted([(p, 1) for p in positive] + [(n, 0) for n in negative])
    total, at = 0.0, 0
    while at < len(scored):
        end = at
        while end < len(scored) and scored[end][0] == scored[at][0]:
            end += 1
        total += (at + end + 1) / 2 * sum(flag for _, flag in scored[at:end])
        at = end
    return (total - len(positive) * (len(positive) + 1) / 2) / (len(positive) * len(negative))
