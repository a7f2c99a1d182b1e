"""Objections: anybody's, to one row, which stops until an officer has answered with a reason."""

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from innovation_voucher.casework import attachments, calendar, reviews, sweeps
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message, ReviewCase
from innovation_voucher.tests import cast
from innovation_voucher.tests.racing import race
from redemption import services
from redemption.models import Objection, Publicity, Redemption
from redemption.tests import factories, notices
from vouchers.models import Programme, Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-8")]


@pytest.fixture
def programme() -> Programme:
    return notices.make_programme()


@pytest.fixture(scope="module")
def built(kept: Path) -> Publicity:
    return notices.opened(notices.make_programme())


@pytest.fixture
def publicity(built: Publicity) -> Publicity:
    return deepcopy(built)


@pytest.fixture
def by() -> User:
    return notices.publisher("严答复")


def rows(publicity: Publicity) -> list[Redemption]:
    return list(publicity.redemptions.order_by("pk"))


def close(publicity: Publicity) -> None:
    """Let the clock close the list."""
    sweeps.run("redemption.lists", at=notices.noon(publicity, 1))


# --- Received -----------------------------------------------------------------------------------


def test_an_objection_stops_its_row_and_no_other(publicity: Publicity) -> None:
    first, second = rows(publicity)
    found = notices.objection(publicity, first)
    assert (found.status, notices.state(first), notices.state(second)) == ("received", "contested", "in_publicity")
    close(publicity)
    assert (notices.state(first), notices.state(second)) == ("contested", "payable")
    settler = factories.settler()
    preview = services.preview_of(factories.draft(settler, publicity.programme))
    assert preview.total == publicity.rows.get(redemption=second).amount


def test_the_payee_learns_of_it_and_not_from_whom(publicity: Publicity, by: User) -> None:
    first, _second = rows(publicity)
    found = notices.objection(publicity, first)
    told = Message.objects.get(kind="redemption.contested")
    assert told.user == cast.owner_of(first.payee)
    assert found.name not in told.title + told.body
    assert Message.objects.filter(kind="publicity.objection", user=by).count() == 1


def test_the_contact_is_written_in_no_readable_form(publicity: Publicity) -> None:
    found = notices.objection(publicity, contact="YU@Example.com")
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact FROM redemption_objection WHERE id = %s", [found.pk])
        assert "example" not in cursor.fetchone()[0].lower()
    assert Objection.objects.get().contact == "yu@example.com"
    assert "example" not in str(list(AuditRow.objects.values("after", "before", "reason")))


def test_a_second_objection_to_the_same_row_is_received_too(publicity: Publicity) -> None:
    first, _second = rows(publicity)
    numbers = {notices.objection(publicity, first).number, notices.objection(publicity, first, name="甲").number}
    assert len(numbers) == 2
    assert notices.state(first) == "contested"


def test_nothing_is_received_for_a_row_of_another_list(publicity: Publicity) -> None:
    other = notices.approved(publicity.programme)
    with pytest.raises(Refused, match="不在这份公示里"):
        notices.objection(publicity, other)
    assert not Objection.objects.exists()


def test_after_the_last_day_nothing_is_received_even_before_the_clock_came(publicity: Publicity) -> None:
    with calendar.acting_at(calendar.now() + timedelta(days=30)), pytest.raises(Refused, match="公示期已结束"):
        notices.objection(publicity)
    close(publicity)
    with pytest.raises(Refused, match="公示期已结束"):
        notices.objection(publicity)
    assert not Objection.objects.exists()


def test_a_draft_takes_no_objection(programme: Programme) -> None:
    with pytest.raises(Refused, match="公示期已结束"):
        notices.objection(notices.draft(programme))


def test_its_files_are_opened_by_those_who_answer(publicity: Publicity, by: User) -> None:
    found = notices.objection(publicity)
    file = services.add_evidence(found, name="照片.png", data=factories.png())
    assert attachments.may_open(by, file)
    payee = cast.owner_of(found.redemption.payee)
    stranger = notices.publisher("外县", region_code=cast.OTHER_COUNTY)
    assert not attachments.may_open(payee, file)
    assert not attachments.may_open(stranger, file)


# --- Answered -----------------------------------------------------------------------------------


def test_dismissed_it_goes_on_and_is_paid_after_the_list(publicity: Publicity, by: User) -> None:
    first, second = rows(publicity)
    found = notices.objection(publicity, first)
    answered = services.dismiss_objection(found, by=by, office=None, answer="已核对原件，日期无误。")
    assert (answered.status, answered.answered_by, notices.state(first)) == ("dismissed", by, "in_publicity")
    close(publicity)
    assert {notices.state(first), notices.state(second)} == {"payable"}


def test_dismissed_after_the_list_it_may_be_paid_at_once(publicity: Publicity, by: User) -> None:
    first, _second = rows(publicity)
    found = notices.objection(publicity, first)
    close(publicity)
    services.dismiss_objection(found, by=by, office=None, answer="已核对，无误。")
    assert notices.state(first) == "payable"


def test_with_another_one_open_it_stays_stopped(publicity: Publicity, by: User) -> None:
    first, _second = rows(publicity)
    one, two = notices.objection(publicity, first), notices.objection(publicity, first, name="甲")
    close(publicity)
    services.dismiss_objection(one, by=by, office=None, answer="不成立")
    assert notices.state(first) == "contested"
    services.dismiss_objection(two, by=by, office=None, answer="也不成立")
    assert notices.state(first) == "payable"


def test_upheld_it_is_reviewed_again_and_may_be_lowered_then_shown_anew(publicity: Publicity, by: User) -> None:
    first, _second = rows(publicity)
    services.uphold_objection(
        notices.objection(publicity, first), by=by, office=None, answer="合同日期有误，重新核定。"
    )
    assert notices.state(first) == "in_review"
    case = reviews.live_case(first)
    assert case is not None
    assert (case.amount, ReviewCase.objects.filter(subject_id=first.pk).count()) == (14_000, 2)
    again = factories.decide(first, by=factories.officer("第二审核"), amount=Decimal(9_000), reason="部分费用不符")
    assert again.status == "approved"
    assert Voucher.objects.get(lines__redemption=first).held == 9_000
    second_list = notices.opened(publicity.programme, again)
    assert [row.amount for row in second_list.rows.all()] == [9_000]
    assert [row.amount for row in publicity.rows.filter(redemption=first)] == [14_000]


def test_who_upheld_it_does_not_review_it(publicity: Publicity) -> None:
    by = cast.make_officer(cast.COUNTY, "publish_notices", "review_redemption", name="严答复")
    first, _second = rows(publicity)
    services.uphold_objection(notices.objection(publicity, first), by=by, office=None, answer="重新核定")
    with pytest.raises(NotAllowed):
        factories.decide(first, by=by)
    assert notices.state(first) == "in_review"


def test_upheld_for_good_it_is_refused_and_the_quota_is_free(publicity: Publicity, by: User) -> None:
    first, second = rows(publicity)
    found = notices.objection(publicity, first)
    services.uphold_objection(found, by=by, office=None, answer="服务没有发生", refuse=True)
    voucher = Voucher.objects.get(lines__redemption=first)
    assert (notices.state(first), voucher.status, voucher.held) == ("rejected", "terminated", 0)
    assert notices.state(second) == "in_publicity"
    assert "服务没有发生" in Message.objects.get(kind="redemption.rejected").body


def test_once_upheld_the_others_are_answered_without_moving_it(publicity: Publicity, by: User) -> None:
    first, _second = rows(publicity)
    one, two, three = (notices.objection(publicity, first, name=name) for name in "甲乙丙")
    services.uphold_objection(one, by=by, office=None, answer="重新核定")
    services.dismiss_objection(two, by=by, office=None, answer="同一事项已受理")
    services.uphold_objection(three, by=by, office=None, answer="同一事项已受理", refuse=True)
    assert notices.state(first) == "in_review"


@pytest.mark.parametrize("verb", [services.dismiss_objection, services.uphold_objection])
def test_an_answer_has_words_a_right_and_another_pair_of_eyes(publicity: Publicity, by: User, verb: Any) -> None:
    first, _second = rows(publicity)
    found = notices.objection(publicity, first)
    decider = ReviewCase.objects.get(subject_id=first.pk).tasks.get().decided_by
    decider.groups.add(by.groups.get())
    for person, words, error, said in (
        (by, "  ", Refused, "写明答复和理由"),
        (notices.publisher("外县", region_code=cast.OTHER_COUNTY), "有", NotAllowed, "发布公示"),
        (decider, "有", NotAllowed, "由另一人答复"),
    ):
        with pytest.raises(error, match=said):
            verb(found, by=person, office=None, answer=words)
    assert (Objection.objects.get().status, notices.state(first)) == ("received", "contested")


def test_an_objection_is_answered_once(publicity: Publicity, by: User) -> None:
    found = notices.objection(publicity)
    services.dismiss_objection(found, by=by, office=None, answer="不成立")
    with pytest.raises(Refused, match="已答复"):
        services.uphold_objection(found, by=by, office=None, answer="改主意")
    assert Objection.objects.get().status == "dismissed"


# --- Looked up ----------------------------------------------------------------------------------


def test_who_objected_finds_the_answer_by_number_and_contact(publicity: Publicity) -> None:
    found = notices.objection(publicity, contact="199-0000-0001")
    assert services.find_answered(f" {found.number.lower()} ", "199 0000 0001") == found


@pytest.mark.parametrize(("number", "contact"), [("", "19900000002"), ("YY-2000-000001", "19900000001"), ("", "")])
def test_unknown_and_wrong_are_answered_alike(publicity: Publicity, number: str, contact: str) -> None:
    found = notices.objection(publicity)
    assert services.find_answered(number or found.number, contact) is None


# --- At once ------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_objection_and_the_clock_at_the_same_moment() -> None:
    """Whoever comes first: no row is both stopped and paid, and no objection is lost."""
    publicity = notices.opened(notices.make_programme())
    first, second = rows(publicity)
    assert publicity.closes_on is not None
    over = publicity.closes_on + timedelta(days=1)
    said = race(
        lambda: notices.objection(publicity, first),
        lambda: services.close_publicity(publicity, day=over),
    )
    received = Objection.objects.count()
    assert (said[0] == "done") is bool(received)
    assert notices.state(first) == ("contested" if received else "payable")
    assert notices.state(second) == "payable"
