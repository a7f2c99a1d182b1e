"""Rights on regions: the only place that asks guardian.

A right is a permission of `Region` (by codename) given to an office's group, or rarely to one
person, on one node; it covers what lies below. Global permissions and superusers count for nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from guardian.shortcuts import assign_perm, remove_perm

from . import memo
from .models import Office, Region, RegionGroupPermission, RegionUserPermission

#: Region paths by right: the nodes on which a person holds it.
Reach = dict[str, list[str]]


def grant(who: Any, right: str, region: Region) -> None:
    """Give an office, a group or a user a right on a region and all below; twice is once."""
    assign_perm(right, _bearer(who), region)
    memo.forget()


def revoke(who: Any, right: str, region: Region) -> None:
    """Take back what was granted on this very node."""
    remove_perm(right, _bearer(who), region)
    memo.forget()


def holds(user: Any, right: str, region: Region) -> bool:
    """Whether the person holds the right on the region or on one that covers it (one query; none twice a request)."""
    if not user or not user.is_active:
        return False
    if memo.is_kept():
        return covers(reach(user), right, region)
    there: dict[str, Any] = {"permission__codename": right, "content_object__code__in": region.ancestor_codes}
    by_group = RegionGroupPermission.objects.filter(group__user=user, **there).values("pk")
    return RegionUserPermission.objects.filter(user=user, **there).values("pk").union(by_group, all=True).exists()


def reach(user: Any) -> Reach:
    """All rights of a person with the paths of the nodes on which they were granted (one query a request)."""
    return memo.asked(("reach", user and user.pk), lambda: _read(user))


def _read(user: Any) -> Reach:
    found: Reach = defaultdict(list)
    if not user or not user.is_active:
        return found
    columns = ("permission__codename", "content_object__path")
    by_user = RegionUserPermission.objects.filter(user=user).values_list(*columns)
    by_group = RegionGroupPermission.objects.filter(group__user=user).values_list(*columns)
    for right, path in by_user.union(by_group):
        found[right].append(path)
    return found


def covers(granted: Reach, right: str, region: Region) -> bool:
    """Whether rights that were read before cover the region (no query)."""
    return any(region.path.startswith(path) for path in granted.get(right, ()))


def covers_any(granted: Reach, region: Region) -> bool:
    """Whether any right that was read before covers the region: out of them all it does not exist for the person."""
    return any(covers(granted, right, region) for right in granted)


def below(paths: Iterable[str], field: str = "path") -> Q:
    """Condition for rows whose region path lies at or below one of the paths; none matches nothing."""
    condition = Q(pk__in=())
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def within(granted: Reach, *, right: str, path: str) -> Q:
    """Condition for rows that name their right in one column and their region path in another."""
    condition = Q(pk__in=())
    for codename, paths in granted.items():
        condition |= Q(**{right: codename}) & below(paths, path)
    return condition


def regions_for(user: Any, right: str) -> QuerySet[Region]:
    """Regions on which the person holds the right, with all below (two queries)."""
    return Region.objects.filter(below(reach(user)[right]))


def offices_of(user: Any) -> QuerySet[Office]:
    """Offices in which the person sits."""
    return Office.objects.filter(group__user=user).select_related("region").order_by("pk")


def holders(right: str, region: Region) -> QuerySet[Any]:
    """Active people who hold the right on the region, for messages and for naming who can."""
    there: dict[str, Any] = {"permission__codename": right, "content_object__code__in": region.ancestor_codes}
    groups = RegionGroupPermission.objects.filter(**there).values("group")
    users = RegionUserPermission.objects.filter(**there).values("user")
    people: QuerySet[Any] = get_user_model()._default_manager.filter(is_active=True)
    return people.filter(Q(pk__in=users) | Q(groups__in=groups)).distinct()


def offices_with(right: str, region: Region) -> QuerySet[Office]:
    """Offices whose people hold the right on the region, the nearest first."""
    there: dict[str, Any] = {"permission__codename": right, "content_object__code__in": region.ancestor_codes}
    groups = RegionGroupPermission.objects.filter(**there).values("group")
    return Office.objects.filter(group__in=groups).order_by("-region__path", "pk")


def _bearer(who: Any) -> Any:
    """The group or user that guardian stores."""
    group: Group | Any = who.group if isinstance(who, Office) else who
    return group
