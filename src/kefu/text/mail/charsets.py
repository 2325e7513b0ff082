"""Bytes to text as mailers really send them: wrong names, no names, names that lie."""

import codecs
import re
from functools import lru_cache
from itertools import pairwise

# What mailers call a charset → the codec that reads what they mean by it. The supersets read everything the small
# ones do: Outlook says gb2312 and sends GBK, says iso-8859-1 and sends Windows-1252 (WHATWG Encoding, 4.2).
_MEANT = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cn-gb": "gb18030", "euc-cn": "gb18030", "cp936": "gb18030", "ms936": "gb18030", "hz-gb-2312": "hz",
    "big5": "big5hkscs", "cn-big5": "big5hkscs", "x-x-big5": "big5hkscs", "big5-hkscs": "big5hkscs", "cp950": "cp950", "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "ksc5601": "cp949",
    "windows-949": "cp949", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932", "iso-2022-jp": "iso2022_jp_ext", "x-euc-jp": "euc_jp",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "ansi_x3.4-1968": "cp1252", "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874",
    "x-windows-874": "cp874", "iso-8859-8-i": "iso8859_8", "iso-8859-6-i": "iso8859_6", "x-mac-cyrillic": "mac_cyrillic", "macintosh": "mac_roman", "x-mac-roman": "mac_roman", "unicode-1-1-utf-7": "utf_7", "utf8": "utf-8",
    "x-user-defined": "cp1252", "utf-8mb4": "utf-8", "unicode": "utf-16", "koi8-ru": "koi8_u", "cp-850": "cp850", "windows-1252http-equivcontent-type": "cp1252",
}  # fmt: skip
_GUESSES = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "koi8_r", "cp1251", "cp866", "cp1252")
_ISO_2022 = re.compile(rb"\x1b(?:\$[@B]|\([BJ])")
# The most frequent characters of running text: they tell which codec makes sense of the bytes.
_COMMON_HAN = set(
    "的一是不了在人有我他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从"
    "這為來個們說國時會後對著裡過發麼經當與學進種將還見沒從請問幫謝謝您幣網銀帳號轉錢訂單賬户账号请问帮谢提现充值币链钱查询到账客服订单转账地址银行验证登录手机邮箱件回复"
)
_COMMON_HANGUL = set(
    "이다는을가에의은하지고로한기도니사시어인아있나라해리자그일전게대세주정수안요들제서만습부상과를보입출금님고객확인계원문합"
)
_RARE = re.compile(r"[\ue000-\uf8ff\u0080-\u009f\ufffd]")
_CAP = 60_000  # bytes that a guess looks at


def decode(raw: bytes, declared: str | None) -> tuple[str, str | None]:
    """The text of bytes, and what was wrong with the declared charset (None: nothing).

    A strict reading by the declared name comes first, then UTF-8, then the codec whose result looks most like
    language. Never raises; what no codec explains becomes U+FFFD.
    """
    name = _codec(declared) if declared else None
    if name and not (name == "cp1252" and declared and declared.lower().strip() in {"us-ascii", "ascii"} and not raw.isascii()):
        text = _strict(raw, name)
        if text is not None and not (name == "cp1252" and _looks_utf8(raw)):
            return text, None
    problem = f"charset {declared!r} is not known" if declared and not name else None
    if _ISO_2022.search(raw[:_CAP]):
        text = _strict(raw, "iso2022_jp_ext")
        if text is not None:
            return text, problem
    text = _strict(raw, "utf-8-sig")
    if text is not None:
        return text, problem
    if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        text = _strict(raw, "utf-16")
        if text is not None:
            return text, problem
    if name and name not in {"cp1252", "utf-8"}:
        # Mostly right, somewhere broken: cut in the middle of a character, most often.
        loose = raw.decode(name, "replace")
        if loose.count("\ufffd") * 20 <= len(loose) + 20:
            return loose, f"bytes that are not {declared}"
    if name == "utf-8":
        loose = raw.decode("utf-8", "replace")
        if loose.count("\ufffd") * 12 <= len(loose):
            return loose, "bytes that are not utf-8"
    guessed = _guess(raw)
    return raw.decode(
        guessed, "replace"
    ), f"charset {declared!r} does not fit, read as {guessed}" if declared else f"no charset given, read as {guessed}"


@lru_cache(maxsize=256)
def _codec(name: str) -> str | None:
    low = name.strip().strip("\"'").lower().replace(" ", "")
    low = low.split("*")[0]  # a language after the charset (RFC 2231, 5)
    for one in (_MEANT.get(low), low, low.removeprefix("x-"), low.replace("_", "-"), re.sub(r"^(?:cp|windows)[-_]?(\d+)$", r"cp\1", low)):
        if not one:
            continue
        try:
            found = codecs.lookup(one)
        except (LookupError, ValueError, UnicodeError):
            continue
        if getattr(found, "_is_text_encoding", True) and found.name not in {
            "idna",
            "punycode",
            "unicode_escape",
            "raw_unicode_escape",
            "undefined",
            "mbcs",
            "oem",
        }:
            return _MEANT.get(found.name, found.name)
    return None


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        pass
    if codec in {"cp1252", "cp1254", "cp874"}:
        # Five bytes of Windows-1252 are undefined; browsers read them as controls.
        return (
            "".join(bytes([b]).decode(codec, "replace") if b >= 0x80 else chr(b) for b in raw)
            if len(raw) < 5_000
            else raw.decode("latin-1")
        )
    return None


def _looks_utf8(raw: bytes) -> bool:
    """Text declared as Latin-1 that is in truth UTF-8: its bytes could hardly be so by chance."""
    if raw.isascii():
        return False
    try:
        raw.decode("utf-8")
    except UnicodeError:
        return False
    return True


def _guess(raw: bytes) -> str:
    """The codec whose reading has most of the characters that people use."""
    sample = raw[:_CAP]
    best, most = "cp1252", 0.0
    for codec in _GUESSES:
        try:
            text = sample.decode(codec)
        except UnicodeError as error:
            if error.start < len(sample) - 4 if isinstance(error, UnicodeDecodeError) else True:
                continue
            text = sample.decode(codec, "ignore")
        score = _likeness(text, codec)
        if score > most:
            best, most = codec, score
    return best


def _likeness(text: str, codec: str) -> float:
    high = [c for c in text if ord(c) > 0x7F]
    if not high:
        return 0.0
    bad = len(_RARE.findall("".join(high)))
    if codec in {"gb18030", "big5hkscs"}:
        good = (
            sum(c in _COMMON_HAN for c in high) * 1.6
            + sum("\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uff65" for c in high) * 0.6
            + sum("\u4e00" <= c <= "\u9fff" for c in high) * 0.25
        )
    elif codec in {"cp932", "euc_jp"}:
        kana = sum("\u3041" <= c <= "\u30ff" for c in high)
        good = (
            (kana * 1.3 + sum("\u4e00" <= c <= "\u9fff" for c in high) * 0.35 + sum(c in "。、「」" for c in high))
            if kana * 6 > len(high)
            else 0.0
        )
        bad += sum("\uff61" <= c <= "\uff9f" for c in high)
    elif codec == "cp949":
        hangul = sum("\uac00" <= c <= "\ud7a3" for c in high)
        good = sum(c in _COMMON_HANGUL for c in high) * 1.2 + hangul * 0.3 if hangul * 2 > len(high) else 0.0
    elif codec in {"koi8_r", "cp1251", "cp866"}:
        letters = [c for c in high if "\u0400" <= c <= "\u04ff"]
        lower = sum(c.islower() for c in letters)
        good = (sum(c in "оеаинтсрвлкмдпуяыьгзбчй" for c in letters) * 1.1 + lower * 0.2) if len(letters) * 10 > len(high) * 7 else 0.0
        # Case the wrong way round is how koi8-r and cp1251 look when one is read as the other.
        bad += sum(1 for a, b in pairwise(letters) if a.islower() and b.isupper()) * 2
    else:
        good = sum(c in "äöüßéèêàçñóíáúõãâôåøæìòùïë’“”–—…€" for c in high) * 0.9
        ascii_letters = sum(c.isascii() and c.isalpha() for c in text)
        good = good if ascii_letters >= len(high) * 2 else good * 0.3
    return (good - 2 * bad) / len(high)
