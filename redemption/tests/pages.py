"""How tests open the pages of redemption."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.tests import cast
from redemption.models import Redemption
from vouchers.models import Voucher

LIST = "/ent/redeem/"


def client_for(user: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(user)
    return client


def client_of(organization: Organization, role: str = "owner") -> Client:
    """The browser of a person of the organization."""
    return client_for(cast.owner_of(organization) if role == "owner" else cast.make_member(organization, role=role))


def text_of(response: Any) -> str:
    """The page without its tags, spaces made one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def post(client: Client, url: str, **data: Any) -> Any:
    """Send a form with a fresh token."""
    return client.post(url, {"_token": new_token(), **data})


def papers_url(voucher: Voucher) -> str:
    """The page of a voucher's papers."""
    return reverse("ent-redeem-papers", args=[voucher.code])


def every_page(redemption: Redemption) -> list[str]:
    """All addresses of one redemption and of its voucher's papers."""
    voucher = redemption.lines.get().voucher
    invoice = voucher.order.invoice_allocations.get().invoice
    return [
        papers_url(voucher),
        reverse("redeem-paper-remove", args=[voucher.code, "invoices", invoice.pk]),
        reverse("ent-redeem", args=[redemption.number]),
        reverse("redeem-withdraw", args=[redemption.number]),
        reverse("redeem-resubmit", args=[redemption.number]),
    ]
