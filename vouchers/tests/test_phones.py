"""Phones among answers, as the verbs that hand in look at them; and where a written claim asks for their codes."""

from typing import Any

import pytest
from django.contrib.sessions.backends.base import SessionBase

from accounts.models import Organization
from accounts.tests.phones import OTHER, STRANGE, confirm
from accounts.tests.test_confirmed_phones import built, firm
from innovation_voucher.casework.errors import Refused
from innovation_voucher.tests import cast
from vouchers.phone_forms import Phones
from vouchers.phones import phone_rows, require_confirmed
from vouchers.policy import Policy
from vouchers.written_forms import written_form

from .test_phone_forms import ROWS, row

__all__ = ["built", "firm"]

pytestmark = pytest.mark.django_db


def test_only_rows_of_the_type_are_phones() -> None:
    assert [found.key for found in phone_rows(ROWS)] == ["contact"]


@pytest.mark.parametrize("answers", [{}, {"contact": ""}, {"contact": None}, {"name": STRANGE}])
def test_what_was_not_answered_is_not_refused(firm: Organization, answers: dict[str, Any]) -> None:
    require_confirmed(firm, ROWS, answers)


@pytest.mark.parametrize("prefix", ["", "+86"])
def test_a_verb_names_every_number_that_nobody_confirmed(firm: Organization, prefix: str) -> None:
    rows, answers = [row("one"), row("two")], {"one": prefix + STRANGE, "two": prefix + OTHER}
    with pytest.raises(Refused, match=r"栏目one 199\*\*\*\*0000 .*；栏目two 199\*\*\*\*0001 还没有") as refused:
        require_confirmed(firm, rows, answers)
    assert refused.value.code == "phone"
    require_confirmed(firm, rows, answers, among=set())
    confirm(firm, STRANGE)
    with pytest.raises(Refused, match=r"^栏目two"):
        require_confirmed(firm, rows, answers)
    require_confirmed(firm, rows, answers, among={"one"})
    confirm(firm, OTHER)
    require_confirmed(firm, rows, answers)


def test_the_code_stands_in_the_section_of_its_number(firm: Organization) -> None:
    fields = [
        {"stage": "claim", "key": key, "label": key, "type": type_, "section": section}
        for key, type_, section in (("a", "text", "甲"), ("contact", "phone", "乙"), ("z", "text", "乙"))
    ]
    policy = Policy.from_json({"grant": "full_cap", "fields": fields})
    form: Any = written_form(policy, "")(
        {"a": "1", "z": "1", "contact": STRANGE}, phones=Phones(firm, cast.owner_of(firm), SessionBase())
    )
    assert not form.is_valid()
    assert [(head, [box.name for box in boxes]) for head, boxes in form.sections()] == [
        ("甲", ["a"]),
        ("乙", ["contact", "contact_code", "z"]),
    ]
