"""Numbers that belong to a person: payment cards, identity documents, bank accounts."""

import re
from collections.abc import Iterator

from kefu.text.checksums import iban, luhn, resident_id
from kefu.text.secrets.finding import Finding, Kind

CARD = re.compile(r"(?<![\w.#-])(?:\d[ -]?){12,18}\d(?![\w-])(?!\.\d)")
ISSUER = re.compile(r"4\d|5[1-5]|2[2-7]|3[04-9]|6\d|35|81")
CARD_WORDS = re.compile(r"card|visa|master|卡|tarjeta|карт|kart|thẻ|cvv|カード|카드|credit|debit|信用", re.IGNORECASE)
OTHER_WORDS = re.compile(
    r"order|订单|訂單|orden|заказ|sipariş|đơn|ticket|工单|tx|hash|哈希|withdraw|提现|提币|deposit|充值|uid|request|amount|数量|金额|phone"
    r"|电话|手机|流水|\bid\b|isbn|timestamp|时间|memo|tag|标签|trade|成交",
    re.IGNORECASE,
)
RESIDENT = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
SSN = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
DOCUMENT_WORDS = (
    r"(?:passport|护照|護照|pasaporte|паспорт\w*|pasaport\w*|hộ\s+chiếu|passeport|id\s+(?:card\s+)?(?:number|no\.?)|national\s+id"
    r"|身份证(?:号码?|号)?|身分證(?:字號)?|证件号码?|driving\s+licen[cs]e|驾照|驾驶证|\bDNI\b|\bNIE\b|\bCURP\b|\bTC\b|kimlik\w*|CCCD|CMND|căn\s+cước|СНИЛС|ИНН|\bCPF\b)"
)
DOCUMENT = re.compile(rf"{DOCUMENT_WORDS}[\s:：#№是为is]*(?:no\.?|number|号码|numarası|numara|số)?[\s:：#№是为]*(?P<value>[A-Z0-9]{{1,4}}[ -]?[A-Z0-9]{{2,6}}[ -]?[A-Z0-9]{{2,12}})(?![\w])", re.IGNORECASE)
IBAN = re.compile(r"(?<![0-9A-Za-z])[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?(?![0-9A-Za-z])")
NEAR = 24


def find_numbers(text: str) -> Iterator[Finding]:
    for match in RESIDENT.finditer(text):
        if resident_id(match.group()):
            yield Finding(Kind.ID_NUMBER, match.start(), match.end(), 1.0)
    for match in CARD.finditer(text):
        if _is_card(text, match):
            yield Finding(Kind.CARD_NUMBER, match.start(), match.end(), 0.95)
    for match in SSN.finditer(text):
        if re.search(r"ssn|social\s+security", text[max(0, match.start() - 40) : match.start()], re.IGNORECASE):
            yield Finding(Kind.ID_NUMBER, match.start(), match.end(), 0.95)
    for match in DOCUMENT.finditer(text):
        if sum(c.isdigit() for c in match["value"]) >= 6:
            yield Finding(Kind.ID_NUMBER, match.start("value"), match.end("value"), 0.9)
    for match in IBAN.finditer(text):
        plain = match.group().replace(" ", "")
        if 15 <= len(plain) <= 34 and iban(plain):
            yield Finding(Kind.BANK_ACCOUNT, match.start(), match.end(), 1.0)


def _is_card(text: str, match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match.group())
    if not (13 <= len(digits) <= 19 and ISSUER.match(digits) and luhn(digits)) or len(set(digits)) < 2:
        return False
    before = text[max(0, match.start() - NEAR) : match.start()]
    if CARD_WORDS.search(before):
        return True
    if OTHER_WORDS.search(before):
        return False
    grouped = bool(re.fullmatch(r"\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}(?:[ -]\d{1,3})?|\d{4}[ -]\d{6}[ -]\d{4,5}", match.group()))
    return grouped or len(digits) == 16
