"""Roads of a redemption whose scheme asks for a phone: written, handed in and mended only with a confirmed number."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ConfirmedPhone, Organization, User
from accounts.tests.phones import MASKED, OTHER, STRANGE, UNCONFIRMED, code_for, confirm, sent, wrong_for
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Pick, Redemption, RedemptionLine
from redemption.tests import factories, gathered, test_contracts
from redemption.tests.pages import papers_url, post, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-12")]

PHONE = ("phone", "phone", "联系手机")


@pytest.fixture
def by(organization: Organization) -> User:
    return cast.owner_of(organization)


@pytest.fixture
def draft(organization: Organization, by: User) -> Redemption:
    """A draft of one order that lacks nothing but the phone."""
    order = gathered.make_order(organization, gathered.make_programme(PHONE))
    made = services.gather([order], by=by)
    gathered.invoice(order, 3_000)
    gathered.complete(made, by=by)
    return made


def write(draft: Redemption, number: str, by: User) -> Redemption:
    return services.keep_answers(draft, by=by, answers={"phone": number})


def returned(draft: Redemption, item: str, by: User) -> Redemption:
    """Handed in with a confirmed number, and back because of one answer."""
    confirm(draft.payee)
    done = services.submit_draft(write(draft, STRANGE, by), by=by)
    return factories.decide(done, "return", items=[(item, "请核对")])


def state() -> list[Any]:
    """Everything that a refused act must leave alone."""
    return [list(model.objects.order_by("pk").values()) for model in (Redemption, RedemptionLine, Pick, AuditRow)]


def send(client: Client, page: str, number: str, **more: str) -> Any:
    typed = {"facts-row_effect": "缩短试制周期", "facts-row_innovation": "自研夹具", "facts-row_phone": number}
    return post(client, page, what="facts", **typed, **more)


def test_what_is_written_is_kept_behind_the_right_code(client: Client, draft: Redemption) -> None:
    page = reverse("redeem-draft", args=[draft.number])
    refused = send(client, page, STRANGE)
    assert (refused.status_code, sent()) == (422, 1)
    html = refused.content.decode()
    for words in (f"已向 {MASKED} 发送验证码", "缩短试制周期", f'value="{STRANGE}"'):
        assert words in html
    box = html.partition('name="facts-row_phone_code"')[2].partition(">")[0]
    assert box
    assert "disabled" not in box
    wrong = send(client, page, STRANGE, **{"facts-row_phone_code": wrong_for()})
    assert (wrong.status_code, "还可以试 4 次" in text_of(wrong)) == (422, True)
    draft.refresh_from_db()
    assert "phone" not in draft.answers
    assert send(client, page, STRANGE, **{"facts-row_phone_code": code_for()}).status_code == 302
    draft.refresh_from_db()
    assert draft.answers["phone"] == STRANGE


def test_the_papers_of_one_order_ask_for_the_code_too(client: Client, organization: Organization) -> None:
    programme = test_contracts.make_programme(PHONE)
    page = papers_url(factories.make_voucher(organization, programme, contract=15_000, quota_amount=100_000))
    said = {"facts-contract_amount": "14,000", "facts-row_phone": STRANGE}
    refused = post(client, page, what="facts", **said)
    assert (refused.status_code, sent()) == (422, 1)
    assert 'name="facts-row_phone_code"' in refused.content.decode()
    assert post(client, page, what="facts", **said, **{"facts-row_phone_code": code_for()}).status_code == 302
    assert Redemption.objects.get().answers["phone"] == STRANGE


def test_a_members_number_needs_no_code(client: Client, draft: Redemption, by: User) -> None:
    assert send(client, reverse("redeem-draft", args=[draft.number]), cast.number_of(by)).status_code == 302
    assert sent(cast.number_of(by)) == 0


def test_nothing_is_handed_in_on_a_number_that_nobody_proved(client: Client, draft: Redemption, by: User) -> None:
    write(draft, STRANGE, by)
    confirm(cast.rival())
    before = state()
    with pytest.raises(Refused, match=UNCONFIRMED):
        services.submit_draft(draft, by=by)
    refused = post(client, reverse("redeem-draft-check", args=[draft.number]))
    assert (refused.status_code, f"{MASKED} 还没有经短信验证" in text_of(refused)) == (422, True)
    assert state() == before
    confirm(draft.payee)
    assert services.submit_draft(draft, by=by).status == "in_review"


def test_a_mended_number_is_proved(client: Client, draft: Redemption, by: User) -> None:
    redemption = write(returned(draft, "phone", by), OTHER, by)
    before = state()
    with pytest.raises(Refused, match=r"199\*\*\*\*0001 还没有经短信验证"):
        services.resubmit_redemption(redemption, by=by)
    assert state() == before
    page = reverse("redeem-draft", args=[draft.number])
    assert send(client, page, OTHER).status_code == 422
    assert send(client, page, OTHER, **{"facts-row_phone_code": code_for(OTHER)}).status_code == 302
    assert services.resubmit_redemption(redemption, by=by).answers["phone"] == OTHER


def test_a_number_that_was_not_returned_is_not_asked_again(draft: Redemption, by: User) -> None:
    redemption = returned(draft, "effect", by)
    ConfirmedPhone.objects.all().delete()
    services.keep_answers(redemption, by=by, answers={"effect": "另写", "phone": OTHER})
    done = services.resubmit_redemption(redemption, by=by)
    assert (done.status, done.answers["effect"], done.answers["phone"]) == ("in_review", "另写", STRANGE)
