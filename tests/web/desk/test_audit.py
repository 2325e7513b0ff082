"""The audit log in words: every act that the code writes has some, in both languages; found by act and person; readable on a phone."""

import ast
from pathlib import Path

import pytest
from django.utils.translation import override

from kefu.approvals.models import Approval
from kefu.system.audit.log import write
from kefu.web.desk import audit_words
from kefu.web.studio.catalogue import THINGS

SRC = Path(audit_words.__file__).parents[2]
# Acts that are put together while the program runs, by the expression that does it.
MADE = {
    "f'approval.{state}'": [f"approval.{state}" for state in Approval.State.values if state not in {"waiting", "approved"}],
    "f'account.{what}'": ["account.frozen", "account.unfrozen"],
    "f'{thing.code}.taken_back'": [f"{code}.taken_back" for code in THINGS],
    "f\"{thing.code}.{('removed' if after is None else 'changed' if before else 'made')}\"": [
        f"{code}.{change}" for code in THINGS for change in ("removed", "changed", "made")
    ],
}


def calls():
    """Every call that writes to the audit log, and every call of a function that hands its act on."""
    for file in SRC.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        imports = [one for one in ast.walk(tree) if isinstance(one, ast.ImportFrom) and one.module == "kefu.system.audit.log"]
        names = {alias.asname or alias.name for one in imports for alias in one.names if alias.name == "write"}
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and any(arg.arg == "act" for arg in function.args.args) and names:
                names.add(function.name)
        yield from (
            (file.name, one)
            for one in ast.walk(tree)
            if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in names
        )


def acts(node):
    """What an expression may be; an AssertionError for one that nobody has thought of."""
    if isinstance(node, ast.Constant):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return acts(node.body) + acts(node.orelse)
    if isinstance(node, ast.Name) and node.id == "act":
        return []  # handed on: the calls of that function say which
    assert ast.unparse(node) in MADE, f"list what {ast.unparse(node)} may be"
    return MADE[ast.unparse(node)]


def written():
    return {act for _file, call in calls() if len(call.args) > 1 for act in acts(call.args[1])}


def test_every_act_that_is_written_has_words_in_both_languages():
    found = written()
    assert len(found) > 60 and {"account.password_changed", "terms.made", "team.created", "approval.expired"} <= found
    with override("en"):
        english = {code: audit_words.act(code) for code in found}
    with override("zh-hans"):
        chinese = {code: audit_words.act(code) for code in found}
    assert not [code for code in found if english[code] == code]
    assert not [code for code in found if chinese[code] in {code, english[code]}]
    for words in (english, chinese):
        assert len(set(words.values())) == len(found), "two acts with the same words cannot be told apart"


def test_every_detail_that_is_written_has_a_name():
    named = {key.arg for _file, call in calls() for key in call.keywords if key.arg}
    assert not named - set(audit_words.DETAILS), "add it to DETAILS"


def test_no_act_has_words_that_nobody_writes():
    assert set(audit_words.codes()) == written()


@pytest.fixture
def log(make_agent, signed_in):
    ann = make_agent("ann", role="auditor", badge="77")
    write(str(ann), "agent.left", "agent:12")
    write("Bo · 12", "team.changed", "team:vip", hand_out="manual", members=["12", "77"])
    write("Bo · 12", "customer.looked", "conversation:BC-1", reason="phone call")
    write("system", "mailbox.consent_lost", "mailbox:3", provider="google", reason="x")
    write("Bo · 12", "staff.sign_in_rules", "roles", agent="passkey")
    client = signed_in(ann)

    def read(language="en", **query):
        client.cookies["kefu_language"] = language
        answer = client.get("/desk/audit/", query)
        return answer.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]

    return read


@pytest.mark.django_db
def test_acts_people_and_details_are_shown_in_words(log):
    page = log()
    for words in (
        "Access ended",
        "Colleague <span",
        "Team changed",
        "Handing out: manual",
        "Members: 12, 77",
        " · ",
        "Kefu itself",
        "Reason: phone call",
        "Agent: Passkey only",
    ):
        assert words in page, words
    page = log("zh-hans")
    for words in ("收回访问权限", "修改团队", "分配方式：manual", "系统", "原因：phone call", "客服专员：只用通行密钥"):
        assert words in page, words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ({"act": "team.changed"}, 1),
        ({"who": "Bo · 12"}, 3),
        ({"who": "bo", "act": "customer.looked"}, 1),
        ({"who": "Kefu itself"}, 1),
        ({"q": "access"}, 1),
        ({"q": "BC-1"}, 1),
        ({"q": "team.changed"}, 1),
        ({"q": "修改团队", "language": "zh-hans"}, 1),
        ({"who": "系统", "language": "zh-hans"}, 1),
        ({"act": "nonsense"}, 0),
        ({"who": "%_'"}, 0),
    ],
)
def test_it_is_found_by_act_and_person_in_words(log, query, lines):
    assert log(**query).count("<tr>") == max(lines, 1) and ("Nothing fits" in log(**query) or "没有" in log(**query)) == (not lines)
