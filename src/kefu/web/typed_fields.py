"""The typed fields of a topic as a form has them: each checked, in its normal form, with words for what cannot be one."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kefu.exchange.network_table import network_table
from kefu.topics.fields import read_value
from kefu.topics.models import Topic

PREFIX = "f_"
WIDE = {"txid", "address", "longtext", "url", "text"}
MONO = {"txid", "address", "order", "uid", "code", "url"}
LISTS = {"coin": "coin-list", "network": "network-list"}  # what the exchange knows is offered; other words are taken
LONGEST = {"longtext": 4000, "text": 300, "url": 500}


class TypedFields(forms.Form):
    """A form that also has the fields of a topic, under their names with ``PREFIX``."""

    def add_typed(self, topic: Topic | None, language: str, *, needed: bool = True) -> None:
        """Put the topic's fields in front, in the words of ``language``; without ``needed`` none of them must be given."""
        self.language, self.kinds, self.needed = language, {}, needed  # type: ignore[var-annotated]
        typed = {PREFIX + field["name"]: self._field(field) for field in (topic.own_fields if topic else [])}
        self.own = list(typed)
        self.fields = {**typed, **self.fields}

    def _field(self, field: dict[str, Any]) -> forms.Field:
        name, kind = PREFIX + field["name"], field["type"]
        self.kinds[name] = (kind, field.get("choices", ()))
        shared = {
            "label": self._words(field.get("label", {})) or field["name"],
            "help_text": self._words(field.get("help", {})),
            "required": self.needed and bool(field.get("required")),
            "error_messages": {"required": _("This is needed to find the case.")},
        }
        if kind == "choice":
            options = [(c["value"], self._words(c)) for c in field["choices"]]
            return forms.ChoiceField(choices=[("", _("Choose…")), *options], **shared)
        attributes = {"spellcheck": "false"} if kind in MONO else {}
        if kind in LISTS and self.needed:  # only where the lists stand beside the form
            attributes = {"list": LISTS[kind], "autocomplete": "off"}
        widget = forms.Textarea(attrs={"rows": 3}) if kind == "longtext" else forms.TextInput(attrs=attributes)
        return forms.CharField(max_length=LONGEST.get(kind, 200), widget=widget, **shared)

    def _words(self, texts: dict[str, Any]) -> str:
        return str(texts.get(self.language) or texts.get("en") or "")

    def clean(self) -> dict[str, Any]:
        """Each typed field in its normal form; what cannot be one says what it should look like."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name, (kind, choices) in self.kinds.items():
            given = cleaned.get(name, "")
            if not given or name in self.errors:
                continue
            value = read_value(kind, given, choices)
            if value is None:
                self.add_error(name, self.wrong(kind))
            else:
                cleaned[name] = value
        return self._as_listed(cleaned)

    def _as_listed(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Coin and network as the exchange writes them, where it knows them; other words stay, and so do all where it is away."""
        listed = {kind: name for name, (kind, _choices) in self.kinds.items() if kind in LISTS and cleaned.get(name)}
        table = network_table() if listed else None
        if table is None:
            return cleaned
        coin = cleaned.get(listed.get("coin", ""), "")
        if coin:
            cleaned[listed["coin"]] = coin = table.coin(coin)
        if network := cleaned.get(listed.get("network", ""), ""):
            cleaned[listed["network"]] = table.network(network, coin)
        return cleaned

    @staticmethod
    def wrong(kind: str) -> str:
        """Why a value of this kind was not taken, and what to do."""
        return {
            "txid": _("This is no complete TxID. Copy it whole from the transfer's details: most have 64 letters and digits."),
            "address": _("This address has a wrong or missing character. Copy it again instead of typing it."),
            "amount": _("Write a number, such as 500 or 0.25."),
            "email": _("This is no mail address. It looks like name@example.com."),
            "uid": _("A UID has 8 digits."),
            "order": _("Copy the order's number from its details."),
            "pair": _("Write both coins, such as BTC-USDT."),
            "version": _("Write the version, such as 6.12.0."),
            "url": _("Copy the whole address, beginning with https://."),
            "datetime": _("Write when, such as “today 3 pm” or 2026-11-20 15:00."),
        }.get(kind, _("Choose one from the list."))

    @property
    def typed_values(self) -> dict[str, str]:
        """The topic's fields that were given, under their own names."""
        return {name.removeprefix(PREFIX): str(self.cleaned_data[name]) for name in self.own if self.cleaned_data.get(name)}

    @property
    def long_fields(self) -> list[forms.BoundField]:
        """The topic's fields that need a whole line."""
        return [self[name] for name in self.own if self.kinds[name][0] in WIDE]

    @property
    def short_fields(self) -> list[forms.BoundField]:
        """The topic's fields of which two fit in a line."""
        return [self[name] for name in self.own if self.kinds[name][0] not in WIDE]
