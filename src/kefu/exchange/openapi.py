"""The port in OpenAPI 3.1, made from the classes that Kefu itself reads by: what stands there cannot differ from what holds."""

import inspect
import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Union, get_args, get_origin, get_type_hints

from kefu.exchange.port import (
    VERSION,
    Account,
    Activity,
    ApiKey,
    Deposit,
    Fees,
    IdentityCheck,
    Kyc,
    Network,
    Order,
    Rate,
    Transaction,
    Withdrawal,
    WithdrawalFee,
)

SCHEMAS = (Account, Kyc, Activity, Deposit, Withdrawal, Order, ApiKey, Network, Transaction, Fees, Rate, WithdrawalFee, IdentityCheck)
TITLE = "What Kefu asks an exchange"
ABOUT = (
    "Read-only but for the freeze and its end. Every request is signed (see the security schemes); every answer is 200 with a "
    "value, or 404."
)
LICENCE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
SIGNED = (
    "HMAC-SHA256 with the shared secret, in hexadecimal, over five lines joined by a line feed: the timestamp, the nonce, the "
    "method, the path with its query, and the SHA-256 of the body in hexadecimal. Refuse a timestamp older than 30 seconds and "
    "a nonce that was seen before; compare in constant time."
)
HEADERS = {
    "key": ("X-Kefu-Key", "The name of the secret."),
    "timestamp": ("X-Kefu-Timestamp", "Seconds since 1970."),
    "nonce": ("X-Kefu-Nonce", "Used once."),
    "signature": ("X-Kefu-Signature", SIGNED),
}


def document() -> dict[str, Any]:
    """The whole description, as plain data."""
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": VERSION, "description": ABOUT, "license": LICENCE},
        "servers": [{"url": "https://internal.example/kefu", "description": "What KEFU_EXCHANGE_URL holds"}],
        "security": [{name: [] for name in HEADERS}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {
                name: {"type": "apiKey", "in": "header", "name": header, "description": about} for name, (header, about) in HEADERS.items()
            },
            "responses": {"Unknown": {"description": "There is no such thing."}, "Unsigned": {"description": "Not signed rightly."}},
            "schemas": {kind.__name__: _record(kind) for kind in SCHEMAS},
        },
    }


def _paths() -> dict[str, Any]:
    uid = _parameter("uid", "path", "The account's number.")
    txid = _parameter("txid", "path", "The hash of a transaction on a chain, as somebody typed it.")
    email = _parameter("email", "query", "A registered mailbox.")
    where = "The public number of the conversation for which it is asked."
    freeze = _body(reason="", request_id="The same twice is one freeze.")
    unfreeze = _body(reason="", request_id="The same twice is one request.")
    code = _body(code="Six to ten digits, as the app shows them.", conversation=where)
    signature = _body(
        address="Where the account has withdrawn to, as the customer typed it.",
        text="What was to be signed, letter for letter.",
        signature="As the wallet made it.",
        conversation=where,
    )
    check = _body(conversation=f"{where} The same again is the same check.")
    return {
        "/v1/accounts/{uid}": {"get": _asked("account", "The account", Account, [uid])},
        "/v1/uid": {"get": _asked("uid_of", "The uid of the account with this registered mailbox", str, [email])},
        "/v1/accounts/{uid}/activity": {"get": _asked("activity", "What happened on the account lately", Activity, [uid])},
        "/v1/accounts/{uid}/fees": {"get": _asked("fees", "What this account pays (since 1.2)", Fees, [uid])},
        "/v1/transactions/{txid}": {"get": _asked("transaction", "What a txid is here", Transaction, [txid])},
        "/v1/networks": {"get": _asked("networks", "Minimum, confirmations and state of each network", tuple[Network, ...], [])},
        "/v1/accounts/{uid}/freeze": {
            "post": {
                **_asked("freeze", "Freeze the account until the exchange's own staff lift it", bool, [uid]),
                "requestBody": freeze,
            }
        },
        "/v1/accounts/{uid}/unfreeze": {
            "post": {
                **_asked("unfreeze", "End a freeze, once two of our staff agreed; false where you decline (since 1.3)", bool, [uid]),
                "requestBody": unfreeze,
            }
        },
        "/v1/accounts/{uid}/code": {
            "post": {
                **_asked("confirms", "Whether this is the one-time code that the app shows the owner just now (since 1.1)", bool, [uid]),
                "requestBody": code,
            }
        },
        "/v1/accounts/{uid}/signature": {
            "post": {
                **_asked("signed", "Whether a known withdrawal address signed this text (since 1.2)", bool, [uid]),
                "requestBody": signature,
            }
        },
        "/v1/accounts/{uid}/identity-check": {
            "post": {
                **_asked("identity_check", "The check of document and face for a conversation (since 1.2)", IdentityCheck, [uid]),
                "requestBody": check,
            }
        },
    }


def _body(**texts: str) -> dict[str, Any]:
    """A request's body of these texts, all of them needed; each with what it is, where its name does not say it."""
    properties = {name: {"type": "string", **({"description": about} if about else {})} for name, about in texts.items()}
    schema = {"type": "object", "required": list(texts), "properties": properties}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _asked(name: str, summary: str, kind: Any, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    value = {"type": "object", "required": ["value"], "properties": {"value": _schema(kind)}}
    answers = {
        "200": {"description": summary, "content": {"application/json": {"schema": value}}},
        "401": {"$ref": "#/components/responses/Unsigned"},
        "404": {"$ref": "#/components/responses/Unknown"},
    }
    return {"operationId": name, "summary": summary, "parameters": parameters, "responses": answers}


def _parameter(name: str, where: str, about: str) -> dict[str, Any]:
    return {"name": name, "in": where, "required": True, "description": about, "schema": {"type": "string"}}


def _record(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    needed = [one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING]
    about = " ".join((inspect.getdoc(kind) or "").replace("``", "").split())
    return {
        "type": "object",
        "description": about,
        "required": needed,
        "properties": {one.name: _schema(hints[one.name]) for one in fields(kind)},
    }


def _schema(kind: Any) -> dict[str, Any]:
    if get_origin(kind) in {Union, types.UnionType}:
        inner = _schema(next(one for one in get_args(kind) if one is not type(None)))
        return {"anyOf": [inner, {"type": "null"}]}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _schema(get_args(kind)[0])}
    if is_dataclass(kind):
        return {"$ref": f"#/components/schemas/{kind.__name__}"}  # type: ignore[union-attr]
    return {
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        str: {"type": "string"},
        Decimal: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "description": "in units of the coin"},
        datetime: {"type": "string", "format": "date-time"},
    }[kind]
