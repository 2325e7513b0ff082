"""What an article says to machines: schema.org as JSON-LD."""

import json
import re
from typing import Any

from kefu.knowledge.models import Article, Translation
from kefu.text.markup import outline, plain

STEP = re.compile(r"^\d+[.)]\s+(.+)$", re.MULTILINE)


def structured(article: Article, text: Translation, crumbs: list[tuple[str, str]]) -> str:
    """FAQPage for questions, HowTo for guides with steps, Course for paths, TechArticle for the rest; and where it stands."""
    found = [_about(article, text)]
    if crumbs:
        items = [{"@type": "ListItem", "position": n, "name": name, "item": url} for n, (name, url) in enumerate(crumbs, 1)]
        found.append({"@type": "BreadcrumbList", "itemListElement": items})
    return json.dumps({"@context": "https://schema.org", "@graph": found}, ensure_ascii=False).replace("<", "\\u003c")


def _about(article: Article, text: Translation) -> dict[str, Any]:
    common = {"inLanguage": text.language, "dateModified": text.updated.date().isoformat()}
    if article.kind in {Article.Kind.FAQ, Article.Kind.TROUBLESHOOTING, Article.Kind.TREE}:
        answer = {"@type": "Answer", "text": text.summary}
        return {"@type": "FAQPage", **common, "mainEntity": [{"@type": "Question", "name": text.title, "acceptedAnswer": answer}]}
    if article.kind == Article.Kind.HOW_TO and (steps := steps_of(text.body)):
        named = [{"@type": "HowToStep", "position": n, "text": step} for n, step in enumerate(steps, 1)]
        return {"@type": "HowTo", **common, "name": text.title, "description": text.summary, "step": named}
    kind = "Course" if article.kind == Article.Kind.PATH else "TechArticle"
    return {"@type": kind, **common, "name": text.title, "headline": text.title, "description": text.summary}


def steps_of(body: str) -> list[str]:
    """The numbered steps of a text; its second-level headings where it has no numbered list."""
    numbered = [plain(step).strip() for step in STEP.findall(body)]
    return numbered or [heading.text for heading in outline(body) if heading.level == 2]
