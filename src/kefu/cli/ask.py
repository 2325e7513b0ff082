"""`kefu ask "question"`: what the bot would do, with its reasons."""

import json
import sys

from django.conf import settings

from kefu.bot.decide import decide
from kefu.cli import migrate
from kefu.cli.main import parser
from kefu.knowledge.shelf import shelf
from kefu.text.language import detect


def main(arguments: list[str]) -> int:
    options = parser("ask", __doc__ or "")
    options.add_argument("question")
    options.add_argument("--json", action="store_true", help="print JSON")
    options.add_argument("--language", default="", help="answer in this language; default: the question's")
    given = options.parse_args(arguments)
    migrate.bring_up_to_date()
    if not shelf.listed().entries:
        print("kefu: there are no articles yet. ./kefu run loads the starter content, ./kefu content FOLDER your own.", file=sys.stderr)
        return 1
    language = given.language or detect(given.question, [code for code, _ in settings.LANGUAGES])
    decision = decide(given.question, language=language)
    result = {
        "question": decision.question,
        "language": language,
        "action": decision.action,
        "reason": decision.reason,
        "confidence": round(decision.confidence, 3),
        "articles": [
            {
                "slug": found.entry.slug,
                "title": found.entry.title,
                "language": found.entry.language,
                "confidence": round(found.confidence, 3),
                "score": round(found.score, 3),
            }
            for found in decision.found
        ],
        "answer": decision.text,
    }
    print(json.dumps(result, ensure_ascii=False, indent=2) if given.json else in_words(result))
    return 0


def in_words(result: dict) -> str:  # type: ignore[type-arg]
    lines = [f"{result['action']} ({result['reason']}, {result['confidence']:.2f})", ""]
    lines += [f"  {a['confidence']:.2f}  {a['slug']:<32} {a['title']}" for a in result["articles"]]
    return "\n".join([*lines, "", result["answer"]]).rstrip()
