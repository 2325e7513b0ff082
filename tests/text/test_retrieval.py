"""The index: adding, removing, answering, in several languages."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.text.retrieval import Index, best_passage, highlight


def small():
    index = Index()
    index.add(
        "deposit",
        {"title": "My deposit has not arrived", "body": "Check the confirmations."},
        "en",
        ["where is my deposit", "coins missing after sending"],
    )
    index.add("deposit", {"title": "充值没到账怎么办", "body": "先查确认数。"}, "zh-hans", ["充值没到账", "充币两小时了还没到"])
    index.add("password", {"title": "Reset your password", "body": "Open the security centre."}, "en", ["forgot password", "cannot log in"])
    index.add("password", {"title": "重置登录密码", "body": "打开安全中心。"}, "zh-hans", ["忘记密码", "密码忘了怎么办"])
    index.train()
    return index


def test_a_question_finds_its_document_in_both_languages():
    index = small()
    assert index.answer("充值两个小时了还没到账", language="zh-hans")[0].doc_id == "deposit"
    assert index.answer("I forgot my password", language="en")[0].doc_id == "password"


def test_a_question_in_a_third_language_finds_it_by_its_concepts():
    assert small().answer("Мой депозит не пришёл")[0].doc_id == "deposit"


def test_a_question_about_something_else_is_not_trusted():
    index = small()
    sure = index.answer("where is my deposit", language="en")[0].confidence
    assert sure > 0.6
    for question in ("how do I cook rice with lemons", "番茄炒蛋怎么做", "who won the football game"):
        assert all(hit.confidence < 0.35 for hit in index.answer(question))


def test_what_is_added_is_found_before_the_next_training_and_what_is_removed_never_again():
    index = small()
    index.add("nft", {"title": "My NFT does not show", "body": "Refresh the collection."}, "en", ["nft not showing"])
    assert index.answer("nft not showing", language="en")[0].doc_id == "nft"
    index.remove("nft")
    assert "nft" not in {hit.doc_id for hit in index.answer("nft not showing")}
    index.remove("never there")


def test_searching_bears_an_unfinished_word_and_a_wrong_letter():
    index = small()
    assert index.search("passw")[0].doc_id == "password"
    assert index.search("pasword")[0].doc_id == "password"
    assert index.did_you_mean("充直没到帐") == "充值没到账"


def test_marks_stand_on_the_words():
    text = "Check your deposits. 充值没到账怎么办"
    assert [text[a:b] for a, b in highlight(text, "deposit")] == ["deposits"]
    assert "充值没到账" in [text[a:b] for a, b in highlight(text, "充值没到账")]


def test_the_passage_with_most_of_the_words_is_chosen():
    assert best_passage("memo tag missing", ["About fees.", "A missing memo or tag.", ""]) == 1


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.text(max_size=30), st.text(max_size=30)), max_size=12), st.text(max_size=40))
def test_an_index_built_in_steps_equals_one_built_at_once(entries, query):
    stepwise, fresh = Index(), Index()
    held = {}
    for doc, title, example in entries:
        stepwise.remove(doc)
        stepwise.add(doc, {"title": title}, "en", [example])
        held[doc] = (title, example)
    for doc, (title, example) in held.items():
        fresh.add(doc, {"title": title}, "en", [example])
    assert {h.doc_id: round(h.score, 3) for h in stepwise.search(query, 10)} == {
        h.doc_id: round(h.score, 3) for h in fresh.search(query, 10)
    }


@given(st.text(max_size=200))
def test_no_query_breaks_the_index(query):
    index = Index()
    index.add(1, ["title", "body text"])
    index.answer(query)
    index.search(query)
    index.did_you_mean(query)
    highlight(query, query)
