"""Roads of a claim with a phone in its form: no unconfirmed number is handed in, a draft may hold one."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import ConfirmedPhone, Organization, User
from accounts.tests.phones import MASKED, OTHER, STRANGE, UNCONFIRMED, code_for, confirm, sent, wrong_for
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Outgoing
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, post, text_of
from vouchers.models import Claim, Programme, ProgrammeVersion, QuotaAccount
from vouchers.services import claim_instantly, claim_or_wait, hand_in_claim, resubmit_claim
from vouchers.services.publishing import publish

from . import factories, stamped as js
from .reviewed import decide, money
from .test_stamped_pages import built, client, firm

__all__ = ["built", "client", "firm"]

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-5")]

SENT = f"已向 {MASKED} 发送验证码"


@pytest.fixture
def by(firm: Organization) -> User:
    return cast.owner_of(firm)


@pytest.fixture
def returned(scheme: Programme, firm: Organization) -> Claim:
    """Came back because of the phone of the legal person, which was confirmed then."""
    confirm(firm)
    claim = js.stamped(js.to_stamp(firm, scheme, "high_tech", legal_phone=STRANGE))
    return decide(claim, js.bureau(), "return", items=[("legal_phone", "核对手机号码")])


def new_url(scheme: Programme) -> str:
    return f"{reverse('ent-claim-new')}?programme={scheme.pk}&class=high_tech"


def typed(scheme: Programme, firm: Organization, **changes: Any) -> dict[str, Any]:
    return {**js.answers_for(scheme, firm, "high_tech"), "legal_phone": STRANGE, **changes}


# --- Written --------------------------------------------------------------------------------------


def test_the_form_goes_on_once_the_code_is_right(client: Client, scheme: Programme, firm: Organization) -> None:
    page, said = new_url(scheme), typed(scheme, firm, staff="77")
    refused = post(client, page, **said)
    text = text_of(refused)
    assert refused.status_code == 422
    for words in (SENT, 'name="legal_phone_code"', 'value="77"', f'value="{STRANGE}"'):
        assert words in text
    assert text.index("legal_phone_code") < text.index("资格信息")
    wrong = post(client, page, **said, legal_phone_code=wrong_for())
    assert (wrong.status_code, "验证码不对，还可以试 4 次" in text_of(wrong)) == (422, True)
    assert (Claim.objects.count(), sent()) == (0, 1)
    done = post(client, page, **said, legal_phone_code=code_for())
    claim = Claim.objects.get()
    assert done.url == reverse("ent-claim-check", args=[claim.number])
    assert claim.answers["legal_phone"] == STRANGE
    assert "legal_phone_code" not in claim.answers


def test_opening_the_form_sends_nothing(client: Client, scheme: Programme) -> None:
    assert client.get(new_url(scheme)).status_code == 200
    assert not Outgoing.objects.exists()


def test_a_draft_keeps_a_number_that_nobody_confirmed(client: Client, scheme: Programme, firm: Organization) -> None:
    assert post(client, new_url(scheme), **typed(scheme, firm, save="1")).status_code == 302
    claim = Claim.objects.get()
    edit = reverse("ent-claim-edit", args=[claim.number])
    assert post(client, edit, **typed(scheme, firm, save="1", legal_phone=OTHER)).status_code == 302
    claim.refresh_from_db()
    assert (claim.status, claim.answers["legal_phone"]) == ("draft", OTHER)
    assert not Outgoing.objects.exists()
    later = post(client, edit, **typed(scheme, firm, legal_phone=OTHER))
    assert (later.status_code, sent(OTHER)) == (422, 1)
    assert post(client, edit, **typed(scheme, firm, legal_phone=OTHER, legal_phone_code=code_for(OTHER))).url == (
        reverse("ent-claim-check", args=[claim.number])
    )


def test_the_check_page_does_not_lead_around_the_code(
    client: Client, scheme: Programme, firm: Organization, by: User
) -> None:
    claim = js.drafted(firm, scheme, "high_tech", legal_phone=STRANGE)
    before = money()
    page = post(client, reverse("ent-claim-check", args=[claim.number]), agree="on")
    assert (page.status_code, f"{MASKED} 还没有经短信验证" in text_of(page)) == (422, True)
    with pytest.raises(Refused, match=f"法定代表人手机号码 {UNCONFIRMED}"):
        hand_in_claim(claim, by=by)
    assert money() == before
    assert not Outgoing.objects.exists()
    confirm(firm)
    assert hand_in_claim(claim, by=by).status == "awaiting_stamp"


def test_a_number_of_another_organization_is_not_handed_in(scheme: Programme, firm: Organization, by: User) -> None:
    confirm(js.firm())
    with pytest.raises(Refused, match=UNCONFIRMED):
        js.to_stamp(firm, scheme, "high_tech", legal_phone=STRANGE)


# --- Returned -------------------------------------------------------------------------------------


def test_a_mended_number_is_confirmed_on_the_page(client: Client, returned: Claim) -> None:
    page = reverse("ent-claim-edit", args=[returned.number])
    assert post(client, page, legal_phone=OTHER).status_code == 422
    returned.refresh_from_db()
    assert returned.answers["legal_phone"] == STRANGE
    assert post(client, page, legal_phone=OTHER, legal_phone_code=code_for(OTHER)).status_code == 302
    returned.refresh_from_db()
    assert returned.answers["legal_phone"] == OTHER


def test_a_mended_number_is_asked_by_the_verb_too(returned: Claim, by: User) -> None:
    before = money()
    with pytest.raises(Refused, match=r"199\*\*\*\*0001 还没有经短信验证"):
        resubmit_claim(returned, by=by, answers={"legal_phone": OTHER})
    assert money() == before
    confirm(returned.organization, OTHER)
    assert resubmit_claim(returned, by=by, answers={"legal_phone": OTHER}).status == "awaiting_stamp"


def test_what_was_not_returned_is_not_asked_again(scheme: Programme, firm: Organization, by: User) -> None:
    confirm(firm)
    claim = js.stamped(js.to_stamp(firm, scheme, "high_tech", legal_phone=STRANGE))
    claim = decide(claim, js.bureau(), "return", items=[("staff", "核对人数")])
    ConfirmedPhone.objects.all().delete()
    assert resubmit_claim(claim, by=by, answers={"staff": 26}).status == "awaiting_stamp"


# --- At once ----------------------------------------------------------------------------------------


@pytest.fixture
def instant() -> Programme:
    """Quota at once; the form asks for a phone."""
    programme = factories.make_programme()
    version = ProgrammeVersion.objects.create(
        programme=programme, number=2, effective_from=programme.opens_on, **factories.INSTANT
    )
    factories.add_field(version, "contact", "phone", "联系手机")
    publish(version, by=None)
    programme.refresh_from_db()
    return programme


def test_quota_comes_at_once_behind_the_right_code(instant: Programme) -> None:
    client = client_of(cast.owner_of(cast.enterprise()))
    page, said = f"{reverse('ent-claim-new')}?programme={instant.pk}", {"amount": "20000", "agree": "on"}
    refused = post(client, page, **said, contact=STRANGE)
    assert refused.status_code == 422
    for words in (SENT, 'name="contact_code"', 'value="20000"'):
        assert words in text_of(refused)
    assert not QuotaAccount.objects.exists()
    done = post(client, page, **said, contact=STRANGE, contact_code=code_for())
    claim = Claim.objects.get()
    assert done.url == reverse("ent-claim-done", args=[claim.number])
    assert (claim.status, claim.answers) == ("approved", {"contact": STRANGE})


@pytest.mark.parametrize("verb", [claim_instantly, claim_or_wait])
def test_no_quota_comes_on_a_number_that_nobody_confirmed(instant: Programme, verb: Any) -> None:
    firm, before = cast.enterprise(), money()
    values = {"amount": 20_000, "by": cast.owner_of(firm), "answers": {"contact": STRANGE}}
    with pytest.raises(Refused, match=UNCONFIRMED):
        verb(firm, instant, **values)
    assert money() == before
    confirm(firm)
    assert verb(firm, instant, **values).status == "approved"
