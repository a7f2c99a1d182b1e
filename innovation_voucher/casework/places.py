"""Verbs on regions and offices, as the admin calls them."""

import re
import secrets
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from . import audit, memo, rights
from .errors import Refused
from .models import Office, Region, RegionGroupPermission

_CODE = re.compile(r"[A-Za-z0-9-]+")


def all_rights() -> list[tuple[str, Any]]:
    """Every right on a region with its words."""
    return [(codename, words) for codename, words in Region._meta.permissions]


def rights_of(office: Office) -> list[str]:
    """Rights that the office holds on its own region."""
    held = RegionGroupPermission.objects.filter(group=office.group, content_object=office.region)
    return sorted(held.values_list("permission__codename", flat=True))


def code_fits(code: str) -> bool:
    """Whether a code may stand in a path: a slash would put other regions among the zone's ancestors."""
    return bool(_CODE.fullmatch(code))


@transaction.atomic
def save_zone(zone: Region, *, by: Any) -> Region:
    """Add or rename a high-tech zone inside a county; raises Refused elsewhere."""
    parent = zone.parent
    if parent is None or parent.level == Region.Level.ZONE:
        raise Refused(_("高新区须在省、市、县之下，选一个上级地区。"))
    if not code_fits(zone.code):
        raise Refused(_("代码只写字母、数字和连字符，如 GXQ-1。"))
    zone.level = Region.Level.ZONE
    zone.full_name = f"{parent.full_name}{zone.name}"
    zone.path = f"{parent.path}{zone.code}/"
    zone.save()
    audit.record("region.zone", zone, by=by, region=zone, after={"code": zone.code, "name": zone.full_name})
    return zone


@transaction.atomic
def save_office(office: Office, *, by: Any, rights_held: Iterable[str], people: Iterable[Any]) -> Office:
    """Set up an office: its group, its rights on its own region (no others there), its people."""
    earlier = Office.objects.filter(pk=office.pk).select_related("region").first()
    before = {"rights": rights_of(earlier), "region": earlier.region.code} if earlier else {}
    if earlier:
        _set_rights(earlier, [])
    else:
        # A name of its own, so that no older group lends the office its rights.
        office.group = Group.objects.create(name=f"{office.name} {secrets.token_hex(4)}")
    office.save()
    _set_rights(office, rights_held)
    office.group.user_set.set(people)
    memo.forget()
    after = {
        "rights": rights_of(office),
        "region": office.region.code,
        "people": sorted(office.group.user_set.values_list("username", flat=True)),
    }
    audit.record("office.saved", office, by=by, region=office.region, before=before, after=after)
    return office


def _set_rights(office: Office, wanted: Iterable[str]) -> None:
    held, kept = set(rights_of(office)), set(wanted)
    for right in held - kept:
        rights.revoke(office, right, office.region)
    for right in kept - held:
        rights.grant(office, right, office.region)
