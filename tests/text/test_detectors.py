"""Every detector of the guard by itself: what it is there for is found, what merely looks like it is left alone.

The keys are of published test vectors, or made of counted bytes: nobody's.
"""

import base64
import binascii
import hashlib
import json

import pytest
from mnemonic import Mnemonic

from kefu.text.checksums import BASE58
from kefu.text.secrets import redact
from kefu.text.secrets.redaction import DETECTORS

LEGAL = "legal winner thank year wave sausage worth useful legal winner thank yellow"
BYTES = bytes(range(1, 33))
HEX = BYTES.hex()


def base58(data):
    number, found = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        found = BASE58[rest] + found
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + found


def checked(data):
    return base58(data + hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4])


def stellar(version):
    data = bytes([version]) + BYTES
    return base64.b32encode(data + binascii.crc_hqx(data, 0).to_bytes(2, "little")).decode()


WIF = checked(b"\x80" + BYTES + b"\x01")
CHINESE = Mnemonic("chinese_simplified").to_mnemonic(BYTES[:16]).replace(" ", "")
KEYSTORE = json.dumps({"crypto": {"ciphertext": HEX, "kdf": "scrypt", "mac": HEX}, "version": 3})
PEM = f"-----BEGIN PRIVATE KEY-----\n{base64.b64encode(BYTES).decode()}\n-----END PRIVATE KEY-----"

# detector → (kind, what it finds, what it leaves alone)
PAIRS = {
    "find_mnemonics": [
        ("seed_phrase", LEGAL, "the legal winner of this year is, thank you, a useful sausage; worth a wave"),
        (
            "seed_phrase",
            "recovery phrase: aban abil able abou abov abse abso abst absu abus acce acci",
            "recovery took long: able to buy and sell now",
        ),
        (
            "seed_phrase",
            "seed: uvular bifold pavements uptight gasp fuselage gills mullet pizza jukebox hickory wept",
            "seed: I wrote it on paper and put it where nobody finds it, is that all right?",
        ),
    ],
    "find_chinese_phrases": [("seed_phrase", "我的助记词：" + CHINESE, "的士在路上不走了，有人和我在这个国中等他来")],
    "find_joined_phrases": [
        ("seed_phrase", LEGAL.replace(" ", ""), "donaudampfschifffahrtsgesellschaftskapitaenswitwe"),
        ("seed_phrase", LEGAL.title().replace(" ", ""), "ThisIsTheVeryLongNameOfSomeClassInOurJavaProgram"),
    ],
    "find_wallet_keys": [
        ("private_key", WIF, WIF[:-1] + ("2" if WIF[-1] != "2" else "3")),
        ("private_key", stellar(144), stellar(48)),  # a seed, and the address that goes with one (SEP-23)
        ("private_key", f"PVT_K1_{base58(BYTES * 2)[:50]}", f"PUB_K1_{base58(BYTES * 2)[:50]}"),
        ("private_key", str(list(BYTES)), str([7] * 32)),
        ("extended_key", "xprv" + base58(BYTES * 4)[:107], "xpub" + base58(BYTES * 4)[:107]),
        ("private_key", "nsec1" + "qpzry9x8" * 7 + "gf", "npub1" + "qpzry9x8" * 7 + "gf"),
    ],
    "find_named_keys": [
        ("private_key", f"my private key is {HEX}", f"the transaction hash is {HEX}"),
        ("private_key", f"私钥：0x{HEX}", f"交易哈希：0x{HEX}"),
    ],
    "find_key_files": [
        ("private_key", PEM, PEM.replace("PRIVATE", "PUBLIC")),
        ("keystore", KEYSTORE, json.dumps({"status": "ok", "data": [1, 2], "text": "nothing to hide"})),
    ],
    "find_api_secrets": [
        ("api_secret", "api secret: k9Zt3QpLm81xRvB20sYd", "api secret: where-do-i-find-it-please"),
        ("api_secret", "Cookie: sessionid=8f3kd92mfk3l1pz0qq", "I ate the cookie, sessionid=none"),
        ("api_secret", f"ghp_{'a1B2' * 9}", f"ghp_{'a1B2' * 3}"),
        ("api_secret", "X-BAPI-API-KEY: Ab3dEf6hIj9l", "x-bapi-api-key is the name of the header"),
    ],
    "find_passwords": [
        ("password", "my password is Tr0ub4dor&3", "my password is wrong again"),
        ("password", "https://lin:s3cr3tword@example.com/", "https://example.com/lin:s3cr3tword"),
        ("passphrase", "passphrase: Horse77battery", "passphrase is what I have forgotten"),
    ],
    "find_one_time_codes": [
        ("one_time_code", "the verification code is 482913", "order 482913 was filled at 10:15"),
        ("one_time_code", "482913 is my code", "482913 usdt were sent"),
        ("one_time_code", "验证码：482913", "错误码：482913"),
    ],
    "find_cards": [
        ("card_number", "4111 1111 1111 1111", "4111 1111 1111 1112"),
        ("card_number", "5500005555555559", "order number 5500005555555559"),
        ("card_number", "cvv 123", "123 cvv readers"),
    ],
    "find_identity_numbers": [
        ("id_number", "11010519491231002X", "110105194912310021"),
        ("id_number", "passport number X12345678", "the passport was made on 2024-01-02"),
        ("id_number", "my ssn is 219-09-9999", "call 219-09-9999 in the office"),
        ("bank_account", "DE89 3704 0044 0532 0130 00", "DE88 3704 0044 0532 0130 00"),
    ],
}
CASES = [(name, *case) for name, cases in PAIRS.items() for case in cases]


def found(name, text):
    detect = next(one for one in DETECTORS if one.__name__ == name)
    return list(detect(text, text.lower()))


def test_every_detector_has_a_pair():
    assert {one.__name__ for one in DETECTORS} == set(PAIRS)


@pytest.mark.parametrize(("name", "kind", "secret", "other"), CASES)
def test_a_detector_finds_its_secret_and_names_it(name, kind, secret, other):
    assert kind in {one.kind for one in found(name, secret)}
    assert f"[removed: {kind}]" in redact(secret).text


@pytest.mark.parametrize(("name", "kind", "secret", "other"), CASES)
def test_what_looks_like_it_stays_byte_for_byte(name, kind, secret, other):
    assert found(name, other) == []
    assert redact(other).text == other
