"""What stories about accounts start from."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from accounts.models import Organization, User, Verification
from accounts.sections import SECTIONS
from accounts.services import save_section, start_verification
from accounts.services.verifications import save_file
from innovation_voucher.casework.models import Chain, ChainStep, Outgoing
from innovation_voucher.tests import cast

#: A complete answer to every text question.
ANSWERS = {
    "name": "澄光传感科技有限公司",
    "address": "示例路 1 号",
    "nature": "有限责任公司",
    "founded_on": "2020-05-06",
    "legal_person": "周甲",
    "handler": "周乙",
    "handler_phone": "19900000001",
    "class": "any",
    "revenue": "3,200,000.00",
    "rd_spend": "200,000.00",
    "staff": "12",
    "holder": "澄光传感科技有限公司",
    "bank": "云帆银行滨江支行",
    "account_number": "33010000000098765",
    "resident_id": cast.resident_id(7),
}


def make_chain() -> Chain:
    """The chain of verifications: one step of a bureau."""
    found, _made = Chain.objects.get_or_create(key="verification", defaults={"name": "实名认证"})
    ChainStep.objects.get_or_create(
        chain=found,
        position=1,
        defaults={"name": "审核", "office_kind": "bureau", "right": "review_verification", "working_days": 5},
    )
    return found


@pytest.fixture
def chain(db: None) -> Chain:
    return make_chain()


def make_applicant() -> Organization:
    """An enterprise that has just registered."""
    return cast.make_organization(verified=False, name=ANSWERS["name"])


@pytest.fixture
def applicant(db: None) -> Organization:
    return make_applicant()


@pytest.fixture
def officer(db: None) -> User:
    """Who decides about verifications in the applicant's county."""
    return cast.make_officer(cast.COUNTY, "review_verification")


def picture() -> io.BytesIO:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "JPEG")
    out.seek(0)
    out.name = "scan.jpg"
    return out


def fill(verification: Verification, **changed: str) -> Verification:
    """Answer every question and give every file."""
    by = cast.owner_of(verification.organization)
    data = {**ANSWERS, **changed}
    for section in SECTIONS[verification.organization.kind]:
        save_section(verification, section, data, by=by)
        for question in section.files:
            save_file(verification, question.key, name="scan.jpg", data=picture(), by=by)
    verification.refresh_from_db()
    return verification


@pytest.fixture
def complete(applicant: Organization, chain: Chain) -> Verification:
    """A draft with nothing missing."""
    return fill(start_verification(applicant, by=cast.owner_of(applicant)))


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser of a person."""

    def make(user: User) -> Client:
        client = Client(headers={"accept-language": "zh-hans"})
        client.force_login(user)
        return client

    return make


def last_sms(phone: str) -> str:
    """The newest text in the outbox for a phone."""
    return Outgoing.objects.filter(to=phone).latest("id").body


def code_in(text: str) -> str:
    """The code on the last line of an SMS."""
    return text.rpartition("#")[2]


def token_of(response: Any) -> str:
    """The one-time token of the first form of a page."""
    return response.content.decode().split('name="_token" value="')[1].split('"')[0]
