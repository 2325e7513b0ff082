"""Words of any script, as they are compared."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text.tokens import fold, grams, raw_words, stem, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("無法提領，帳號被凍結", "无法提领，账号被冻结"), ("ＵＳＤＴ", "usdt"), ("Địa chỉ", "dia chi"), ("IŞIK", "ışık"), ("İstanbul", "istanbul"),
        ("depósito", "DEPOSITO"), ("Счёт", "счет"), ("Straße", "strasse"), ("don’t", "don't"),
    ],
)  # fmt: skip
def test_what_reads_the_same_folds_to_the_same(one, other):
    assert fold(one) == fold(other)


def test_chinese_is_cut_into_characters_and_pairs():
    assert words("提现失败") == ["提", "现", "失", "败", "提现", "现失", "失败"]


def test_traditional_characters_meet_simplified_ones():
    assert set(words("提幣地址")) == set(words("提币地址"))


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("withdrawals", "withdrawal", "en"), ("депозита", "депозиты", "ru"), ("депозита", "депозиты", ""), ("depósitos", "depósito", "es"),
        ("hesaplar", "hesap", "tr"), ("user's", "users", "en"),
    ],
)  # fmt: skip
def test_inflected_words_share_a_stem(one, other, language):
    assert words(one, language) == words(other, language)


@pytest.mark.parametrize(
    "whole",
    ["0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "0.0015", "1,000.50", "50113", "tdvr6jpwfp1wdiv7phab19ymsmhrsxmy7p", "2fa"],
)
def test_numbers_ids_and_codes_stay_whole(whole):
    assert whole in words(f"about {whole} 请看")


def test_scripts_without_spaces_are_cut_too():
    assert set(words("ถอนเงิน")) & set(words("ถอนเงินไม่ได้"))
    assert set(words("출금이")) & set(words("출금을"))


def test_a_typing_error_leaves_pieces_of_a_word():
    assert set(grams("withdrawal")) & set(grams("withdrawel"))
    assert grams("no 提现 pin") == []


def test_stemmers_serve_many_threads():
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(stem("пополнения", "ru"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1 and len(found) == 4


@given(st.text(max_size=400))
def test_folding_twice_changes_nothing_and_words_are_never_empty(text):
    assert fold(fold(text)) == fold(text)
    assert all(words(text)) and all(raw_words(text))
    assert len(words(text)) <= 4 * len(fold(text)) + 1
