"""A phone among the answers of a scheme's form: its code is asked for behind it, and typed there."""

from typing import Any

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict

from accounts import codes
from accounts.models import ConfirmedPhone, Organization, PhoneCode
from accounts.tests.conftest import last_sms
from accounts.tests.phones import MASKED, OTHER, STRANGE, code_for, confirm, let_pass, sent, wrong_for
from accounts.tests.test_confirmed_phones import built, firm
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.models import Outgoing
from innovation_voucher.tests import cast
from vouchers.forms import AnswersForm, answers_form
from vouchers.phone_forms import Phones
from vouchers.policy import FieldSpec

__all__ = ["built", "firm"]

pytestmark = pytest.mark.django_db


def row(key: str = "contact", type_: str = "phone", **more: Any) -> FieldSpec:
    return FieldSpec(**{"stage": "claim", "key": key, "label": f"栏目{key}", "type": type_, **more})


ROWS = (row("name", "text"), row(), row("note", "text", required=False))
SENT = f"已向 {MASKED} 发送验证码，请在下面填写后再提交"


@pytest.fixture
def phones(firm: Organization) -> Phones:
    return Phones(firm, cast.owner_of(firm), SessionBase())


def filled(phones: Phones | None, **typed: Any) -> AnswersForm:
    """Looked at: what was typed, beside what is always right."""
    form = answers_form(ROWS)({"name": "甲", "contact": STRANGE, **typed}, phones=phones)
    form.full_clean()
    return form


def asked(phones: Phones) -> str:
    """The code that is sent."""
    filled(phones)
    return code_for()


# --- Asking ---------------------------------------------------------------------------------------


def test_a_strange_number_is_sent_a_code_that_is_asked_for_behind_it(phones: Phones) -> None:
    form = filled(phones)
    assert form.errors == {"contact": [SENT]}
    assert list(form.fields) == ["name", "contact", "contact_code", "note"]
    html = form["contact_code"].as_field_group()
    for words in ("短信验证码", 'inputmode="numeric"', 'autocomplete="one-time-code"', "6 位数字，5 分钟内有效"):
        assert words in html
    assert "选填" not in html
    assert form["contact"].value() == STRANGE
    assert sent() == 1


def test_the_text_says_the_code_and_nothing_of_anybody(phones: Phones, firm: Organization) -> None:
    text = codes.text_of(asked(phones))
    assert last_sms(f"+86{STRANGE}") == text
    for words in (STRANGE, firm.name, str(phones.by), firm.credit_code or "-"):
        assert words not in text


def test_a_second_press_within_a_minute_says_the_same_and_sends_nothing(phones: Phones) -> None:
    code = asked(phones)
    assert filled(phones).errors == {"contact": [SENT]}
    assert (sent(), code_for()) == (1, code)
    let_pass()
    assert filled(phones).errors == {"contact": [SENT]}
    assert sent() == 2


def test_too_many_codes_are_refused_beside_the_number(phones: Phones) -> None:
    for _time in range(5):
        filled(phones)
        let_pass()
    form = filled(phones)
    assert form.errors == {"contact": ["这个手机号一小时内获取验证码已达 5 次，一小时后再试。"]}
    assert "contact_code" in form.fields
    assert sent() == 5


def test_other_mistakes_are_told_at_the_same_time(phones: Phones) -> None:
    form = filled(phones, name="")
    assert form.errors == {"name": ["填写栏目name"], "contact": [SENT]}


@pytest.mark.parametrize("number", ["", "1991234000", "1" * 5_000, "19912340000\0", "甲" * 20])
def test_what_is_no_number_is_sent_nothing(phones: Phones, number: str) -> None:
    form = filled(phones, contact=number)
    assert list(form.errors) == ["contact"]
    assert "contact_code" not in form.fields
    assert not Outgoing.objects.exists()


def test_a_number_that_may_be_left_out_is_not_asked_for(phones: Phones) -> None:
    form = answers_form([row(required=False)])({"contact": ""}, phones=phones)
    assert form.is_valid()
    assert not Outgoing.objects.exists()


def test_without_somebody_to_ask_nothing_is_asked_or_sent() -> None:
    form = filled(None)
    assert form.is_valid()
    assert form.answers["contact"] == STRANGE
    assert not Outgoing.objects.exists()


def test_a_closed_box_is_not_asked(phones: Phones) -> None:
    form = answers_form([row()])({}, initial={"contact": STRANGE}, phones=phones)
    form.fields["contact"].disabled = True
    assert form.is_valid()
    assert sent() == 0


def test_who_may_not_act_is_told_and_nothing_is_sent(firm: Organization) -> None:
    viewer = cast.make_member(firm, role="viewer")
    with pytest.raises(NotAllowed):
        filled(Phones(firm, viewer, SessionBase()))
    assert sent() == 0


# --- Typing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["{}", " {} ", "{0:.3} {0[3]}{0[4]}{0[5]}"])
def test_the_right_code_lets_the_form_pass_and_counts_from_then_on(phones: Phones, how: str) -> None:
    form = filled(phones, contact_code=how.format(asked(phones)))
    assert form.is_valid()
    assert form.answers == {"name": "甲", "contact": STRANGE, "note": ""}
    assert "contact_code" not in form.fields
    assert filled(Phones(phones.organization, phones.by, SessionBase())).is_valid()
    assert sent() == 1


def test_a_confirmed_number_stays_so_when_another_box_is_wrong(phones: Phones) -> None:
    form = filled(phones, name="", contact_code=asked(phones))
    assert list(form.errors) == ["name"]
    assert filled(phones).is_valid()


def test_a_wrong_code_is_told_beside_its_own_box(phones: Phones) -> None:
    asked(phones)
    form = filled(phones, contact_code=wrong_for())
    assert form.errors == {"contact_code": ["验证码不对，还可以试 4 次"]}
    assert form["contact"].value() == STRANGE
    assert PhoneCode.objects.get().tries == 1
    assert not ConfirmedPhone.objects.exists()


def test_after_five_wrong_ones_another_code_is_sent_in_a_minute(phones: Phones) -> None:
    code = asked(phones)
    wrong = wrong_for()
    for _time in range(5):
        form = filled(phones, contact_code=wrong)
    assert form.errors == {"contact": ["验证码已发送，60 秒后可重新获取。"]}
    assert not filled(phones, contact_code=code).is_valid()
    let_pass()
    assert filled(phones, contact_code=code).errors == {"contact": [SENT]}
    assert sent() == 2
    assert filled(phones, contact_code=code_for()).is_valid()


def test_an_expired_code_is_followed_by_a_fresh_one(phones: Phones) -> None:
    code = asked(phones)
    let_pass(codes.LIFETIME)
    assert filled(phones, contact_code=code).errors == {"contact": [SENT]}
    assert sent() == 2
    assert not ConfirmedPhone.objects.exists()


def test_a_changed_number_is_sent_a_code_of_its_own(phones: Phones) -> None:
    code = asked(phones)
    form = filled(phones, contact=OTHER, contact_code=code)
    assert form.errors == {"contact": ["已向 199****0001 发送验证码，请在下面填写后再提交"]}
    assert sent(OTHER) == 1
    assert filled(phones, contact=OTHER, contact_code=code_for(OTHER)).is_valid()
    assert [row.phone for row in ConfirmedPhone.objects.all()] == [f"+86{OTHER}"]


def test_a_code_is_good_only_where_it_was_asked_for(phones: Phones) -> None:
    code = asked(phones)
    elsewhere = Phones(phones.organization, phones.by, SessionBase())
    assert list(filled(elsewhere, contact_code=code).errors) == ["contact"]
    assert not ConfirmedPhone.objects.exists()
    assert filled(phones, contact_code=code).is_valid()


@pytest.mark.parametrize("typed", ["12345", "1234567", "abcdef", "9" * 5_000, "123456\0", "１２３", "' OR 1=1"])
def test_what_is_no_code_is_told_and_costs_no_try(phones: Phones, typed: str) -> None:
    asked(phones)
    form = filled(phones, contact_code=typed)
    assert list(form.errors) == ["contact_code"]
    assert PhoneCode.objects.get().tries == 0


def test_a_list_of_codes_is_one_try(phones: Phones) -> None:
    asked(phones)
    data = QueryDict(f"name=甲&contact={STRANGE}&contact_code=1&contact_code={wrong_for()}")
    assert list(answers_form(ROWS)(data, phones=phones).errors) == ["contact_code"]
    assert PhoneCode.objects.get().tries == 1


def test_two_numbers_have_a_code_each(phones: Phones) -> None:
    rows = [row("one"), row("two")]
    typed = {"one": STRANGE, "two": OTHER}
    form = answers_form(rows)(typed, phones=phones)
    assert list(form.errors) == ["one", "two"]
    assert list(form.fields) == ["one", "one_code", "two", "two_code"]
    swapped = {"one_code": code_for(OTHER), "two_code": code_for()}
    if code_for() != code_for(OTHER):
        assert list(answers_form(rows)({**typed, **swapped}, phones=phones).errors) == ["one_code", "two_code"]
    right = {"one_code": code_for(), "two_code": code_for(OTHER)}
    assert answers_form(rows)({**typed, **right}, phones=phones).is_valid()


# --- What needs no code -----------------------------------------------------------------------------


def test_a_members_number_needs_no_code(phones: Phones) -> None:
    assert filled(phones, contact=cast.number_of(phones.by)).is_valid()
    assert not Outgoing.objects.exists()


def test_what_another_organization_confirmed_does_not_count(phones: Phones) -> None:
    confirm(cast.make_organization())
    assert filled(phones).errors == {"contact": [SENT]}
    assert not filled(phones, contact=cast.number_of(cast.make_user())).is_valid()
