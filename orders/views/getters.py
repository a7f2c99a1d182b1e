"""The order of the address for one side; what is not theirs does not exist for them."""

from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import Organization, User
from carriers.models import Carrier

from ..models import Order

_WITH = (
    "organization__region",
    "carrier__organization",
    "region",
    "programme",
    "snapshot",
    "parent",
    "voucher__snapshot",
    "voucher__programme",
    "service__category",
    "instrument__category",
    "review",
)


def person(request: HttpRequest) -> User:
    """Who acts, on pages that asked for the sign-in already."""
    return cast("User", request.user)


def orders() -> QuerySet[Order]:
    """Orders with everything that their page looks at."""
    return Order.objects.select_related(*_WITH)


def own_order(organization: Organization, number: str) -> Order:
    """An order of the enterprise; 404 for any other."""
    return get_object_or_404(orders(), organization=organization, number=number)


def carriers_order(carrier: Carrier, number: str) -> Order:
    """An order at the carrier; 404 for any other."""
    return get_object_or_404(orders(), carrier=carrier, number=number)
