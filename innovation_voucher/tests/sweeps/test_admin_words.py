"""Every heading, column, filter and label of the admin is Chinese, whoever may open the page."""

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.models import User
from innovation_voucher.tests.sweeps.world import World

pytestmark = pytest.mark.django_db

HEADS = re.compile(r'<(th scope="col"|label|legend|h1|h3|summary)\b[^>]*>(.*?)</', re.DOTALL)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{3}")


@pytest.fixture
def staff(world: World) -> list[Client]:
    """Everybody whom the admin lets in, the operator first."""
    clients = []
    for person in User.objects.filter(is_staff=True).order_by("-is_superuser", "pk"):
        clients.append(Client())
        clients[-1].force_login(person)
    assert len(clients) > 4
    return clients


def addresses(model: type) -> Iterator[str]:
    """The list, the form for a new row and that of the newest row."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"  # type: ignore[attr-defined]
    yield reverse(f"{name}_changelist")
    yield reverse(f"{name}_add")
    newest = model._default_manager.order_by("-pk").first()  # type: ignore[attr-defined]
    if newest is not None:
        yield reverse(f"{name}_change", args=[newest.pk])


def opened(staff: list[Client], address: str) -> str:
    """The page as the first one sees it who may; nothing when it is closed to all."""
    for client in staff:
        answer = client.get(address)
        if answer.status_code == 200:
            return answer.content.decode()
    return ""


def test_no_heading_of_the_admin_is_english(staff: list[Client]) -> None:
    pages = {address: opened(staff, address) for model in admin.site._registry for address in addresses(model)}
    seen = {address: page for address, page in pages.items() if page}
    heads = {(address, " ".join(strip_tags(m[2]).split())) for address, p in seen.items() for m in HEADS.finditer(p)}
    assert len(seen) > 50
    assert len(heads) > 300
    assert [address for address, page in seen.items() if " object (" in page] == []
    assert {head for head in heads if LATIN.search(head[1]) and not CHINESE.search(head[1])} == set()


def test_the_keys_of_a_second_step_are_on_no_page(staff: list[Client]) -> None:
    names = {pattern.name for pattern in admin.site.urls[0] if hasattr(pattern, "name")}
    assert not any(name and name.startswith("usersessions") for name in names)
    assert opened(staff, reverse("admin:mfa_authenticator_add")) == ""
