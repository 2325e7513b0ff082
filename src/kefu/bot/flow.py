"""A guided flow under way: one question at a time, what is typed is checked, and it can be left and resumed.

The state lies in ``conversation.bot["flow"]``: topic, field of the question that is open; the answers in
``conversation.fields``.
"""

from typing import Any

from kefu.bot import phrases
from kefu.bot.flow_files import Flow, Step, flow_for, in_language
from kefu.conversations.hand_over import hand_over
from kefu.conversations.models import Conversation
from kefu.conversations.reply import say
from kefu.topics.fields import read_value


def begin(conversation: Conversation, flow: Flow) -> None:
    """Start or resume a flow in a ``locked`` conversation."""
    conversation.bot = {**conversation.bot, "flow": {"topic": flow.topic, "field": ""}}
    opening = in_language(flow.opening, conversation.language)
    ask_next(conversation, flow, before=opening)


def is_open(conversation: Conversation) -> bool:
    return bool(conversation.bot.get("flow"))


def hear(conversation: Conversation, text: str, choice: str) -> None:
    """The customer's answer to the open question."""
    state = conversation.bot["flow"]
    flow = flow_for(state["topic"])
    step = next((s for s in flow.steps if s.field == state["field"]), None) if flow else None
    if flow is None or step is None or choice == "stop":
        leave(conversation)
        return
    if choice == "skip" and not step.required:
        conversation.fields = {**conversation.fields, step.field: ""}
        ask_next(conversation, flow)
        return
    given = choice.removeprefix("choice:") if choice.startswith("choice:") else text
    value = read_value(step.type, given, step.choices)
    if value is None:
        help_text = in_language(step.help, conversation.language)
        _ask(conversation, step, "\n\n".join(filter(None, [phrases.does_not_look_right(), help_text])))
        return
    conversation.fields = {**conversation.fields, step.field: value}
    ask_next(conversation, flow)


def ask_next(conversation: Conversation, flow: Flow, *, before: str = "") -> None:
    """Ask the first question without an answer; with all answered, a person takes over."""
    for step in flow.steps:
        if step.field in conversation.fields or not _applies(step, conversation.fields):
            continue
        conversation.bot = {**conversation.bot, "flow": {"topic": flow.topic, "field": step.field}}
        question = in_language(step.ask, conversation.language)
        _ask(conversation, step, "\n\n".join(filter(None, [before, question])))
        return
    conversation.bot = {name: value for name, value in conversation.bot.items() if name != "flow"}
    say(conversation, in_language(flow.closing, conversation.language) or phrases.handing_over("flow"))
    hand_over(conversation, reason="flow", summary=conversation.bot.get("summary", {}))


def leave(conversation: Conversation) -> None:
    """Stop asking; what was entered is kept."""
    conversation.bot = {name: value for name, value in conversation.bot.items() if name != "flow"}
    say(
        conversation,
        phrases.flow_left(),
        data={"buttons": [{"label": phrases.button("human"), "value": "human"}]},
    )


def _applies(step: Step, fields: dict[str, Any]) -> bool:
    return step.when is None or fields.get(step.when[0]) == step.when[1]


def _ask(conversation: Conversation, step: Step, text: str) -> None:
    buttons = [{"label": in_language(choice, conversation.language), "value": f"choice:{choice['value']}"} for choice in step.choices]
    if not step.required:
        buttons.append({"label": phrases.button("skip"), "value": "skip"})
    buttons.append({"label": phrases.button("stop"), "value": "stop"})
    say(conversation, text, data={"buttons": buttons, "flow": step.field})
