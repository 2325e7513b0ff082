"""Search while typing, and from "published" to "answerable", in one process."""

import random
import time
from collections.abc import Iterator

from bench.table import Row, percentile, spread
from kefu.text.retrieval import Index

AT_ONCE = 1_000  # as in kefu.knowledge.search, which needs a database

WORDS = "deposit withdraw network address memo fee limit order cancel margin price wallet reward password code device account review chain token".split()
HAN = "充值提现到账网络地址手续费限额委托撤单保证金价格钱包奖励密码验证设备账户审核链确认交易哈希冻结客服合约资金"
GOALS = {1_000: (3, 10), 10_000: (3, 10), 100_000: (5, 20)}


def rows(full: bool) -> Iterator[Row]:
    for size in (1_000, 10_000, 100_000):
        index, rng = Index(), random.Random(1)
        for doc in range(size // 5):
            index.add(doc, {"title": english(rng, 6), "body": english(rng, 60)}, "en", [english(rng, 5)])
            index.add(doc, {"title": chinese(rng, 12)}, "zh-hans", [chinese(rng, 10)])
        queries = [english(rng, 2)[:-2] for _ in range(60)] + [chinese(rng, rng.randint(2, 6)) for _ in range(60)]
        for query in queries[:10] + queries[-10:]:
            suggested(index, query)
        took = []
        for query in queries:
            at = time.perf_counter()
            suggested(index, query)
            took.append(time.perf_counter() - at)
        middle, worst = GOALS[size]
        ok = percentile(took, 0.5) < middle / 1000 and percentile(took, 0.99) < worst / 1000
        yield Row(f"search while typing, {size:,} texts", spread(took), f"p50 {middle} ms, p99 {worst} ms", ok=ok)
        if size == 10_000:
            at = time.perf_counter()
            index.add("new", {"title": "A quite unheard of zebra topic"}, "en", ["where is the zebra"])
            assert index.answer("zebra topic", k=1)[0].doc_id == "new"
            took_once = time.perf_counter() - at
            yield Row("publish → answerable, 10,000 texts (index alone)", f"{took_once * 1000:.0f} ms", "< 50 ms", ok=took_once < 0.05)


def suggested(index: Index, query: str) -> None:
    """What ``suggestions`` asks of the index for one keystroke."""
    if len(index) <= AT_ONCE:
        index.answer(query, 8)
    index.search(query, 8)


def english(rng: random.Random, count: int) -> str:
    return " ".join(rng.choice(WORDS) + rng.choice(["", "", "s", "ing", str(rng.randint(1, 400))]) for _ in range(count))


def chinese(rng: random.Random, count: int) -> str:
    return "".join(rng.choice(HAN) for _ in range(count))
