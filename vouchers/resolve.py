"""From the rows of a programme to the frozen policy of one region, class and day."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.qualified import listed_classes
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Region

from .models import (
    ClassRow,
    EvidenceRow,
    FieldRow,
    Override,
    PolicySnapshot,
    Programme,
    ProgrammeVersion,
    TermRow,
)
from .models.parameters import Parameters
from .policy import Policy, declared

T = TypeVar("T")

#: Kind of organization -> classes that every one of that kind has without a proof.
KIND_CLASSES: dict[str, tuple[str, ...]] = {"enterprise": ("any",), "entrepreneur": ("individual",), "carrier": ()}

# Answers that stay right as long as the programme's stamp: whoever publishes rules or adds a budget
# raises it. They are kept once they are committed; the size is bounded by forgetting all.
_answers: dict[tuple[Any, ...], Any] = {}
_KEPT = 5000
_early: list[bool] = []

#: Kinds of organizations that can have a qualification which they declare.
_DECLARING = frozenset({Organization.Kind.ENTERPRISE})

_ROW_SKIPPED = {"id", "version", "position"}


def snapshot(programme: Programme, region: Region, *, class_key: str = "", day: date | None = None) -> PolicySnapshot:
    """The frozen policy that holds for organizations of the region and class on the day.

    `region` is the address (`Organization.region`). Stored once per digest; no query when it
    was asked before. Raises Refused where nothing is published for the day.
    """
    day = day or calendar.today()

    def find() -> PolicySnapshot:
        policy = resolve(programme, region, class_key=class_key, day=day)
        return PolicySnapshot.objects.get_or_create(digest=policy.digest, defaults={"data": policy.to_json()})[0]

    question = ("policy", programme.pk, programme.rules_stamp, region.path, class_key, day)
    return remembered(question, find)


def remembered(question: tuple[Any, ...], find: Callable[[], T]) -> T:
    """The answer that this process knows, else the found one, which it knows from the commit on.

    The question names the programme's stamp; the answer must not change while the stamp stays.
    """
    if question in _answers:
        known: T = _answers[question]
        return known
    found = find()
    if _early:
        _keep(question, found)
    else:
        transaction.on_commit(lambda: _keep(question, found))
    return found


@contextmanager
def kept_early() -> Iterator[None]:
    """Inside, answers are kept before their transaction has ended, and forgotten with it.

    For a process that does nothing but build much in one transaction.
    """
    _early.append(True)
    try:
        yield
    finally:
        _early.clear()
        _answers.clear()


def _keep(question: tuple[Any, ...], answer: Any) -> None:
    if len(_answers) >= _KEPT:
        _answers.clear()
    _answers[question] = answer


def policy_of(row: PolicySnapshot) -> Policy:
    """The policy of a snapshot, read once per process."""
    return _parsed(row.digest) if row.digest in _texts else _remember(row)


_texts: dict[str, dict[str, Any]] = {}


def _remember(row: PolicySnapshot) -> Policy:
    if len(_texts) >= _KEPT:
        _texts.clear()
        _parsed.cache_clear()
    _texts[row.digest] = row.data
    return _parsed(row.digest)


@lru_cache(maxsize=_KEPT)
def _parsed(digest: str) -> Policy:
    return Policy.from_json(_texts[digest])


def resolve(programme: Programme, region: Region, *, class_key: str, day: date) -> Policy:
    """The policy from the published rows: the version of the day, then class, then each region down to ours."""
    version = (
        programme.versions.filter(published_at__isnull=False, effective_from__lte=day)
        .order_by("-effective_from", "-number")
        .first()
    )
    if version is None:
        raise Refused(_("%(name)s在这一天还没有公布规则，请联系科技主管部门。") % {"name": programme.name})
    in_force = Override.objects.filter(published_at__isnull=False, effective_from__lte=day)
    return _laid_over(version, in_force, region, class_key)


def drafted(version: ProgrammeVersion, region: Region, *, class_key: str = "") -> Policy:
    """The policy as this version would make it, with the newest overrides of each scope, published or not."""
    return _laid_over(version, Override.objects.all(), region, class_key)


def _laid_over(version: ProgrammeVersion, overrides: QuerySet[Override], region: Region, class_key: str) -> Policy:
    """A version with those of the overrides that concern the region and class."""
    values = _values(version)
    for override in _overrides(overrides.filter(programme=version.programme_id), region, class_key):
        values.update(_values(override))
    return Policy.from_json({**values, **rows_of(version)})


def _overrides(rows: QuerySet[Override], region: Region, class_key: str) -> list[Override]:
    """The newest of each scope, the widest scope first, so that the nearest has the last word."""
    found = rows.filter(
        Q(region__isnull=True) | Q(region__code__in=region.ancestor_codes), class_key__in={"", class_key}
    ).select_related("region")
    newest: dict[tuple[str, str], Override] = {}
    for override in found.order_by("effective_from", "number"):
        newest[override.region.path if override.region else "", override.class_key] = override
    return [newest[scope] for scope in sorted(newest)]


def _values(row: Parameters) -> dict[str, Any]:
    """The parameters that a row sets, as plain data."""
    said = {name: getattr(row, name) for name in row.parameter_names()}
    return {name: str(v) if isinstance(v, Decimal) else v for name, v in said.items() if v is not None}


def rows_of(version: ProgrammeVersion) -> dict[str, list[dict[str, Any]]]:
    """The classes, form fields, terms and evidence of a version, in their order (four queries)."""
    kinds: dict[str, type[models.Model]] = {
        "classes": ClassRow,
        "fields": FieldRow,
        "terms": TermRow,
        "evidence": EvidenceRow,
    }
    return {
        key: list(model._default_manager.filter(version=version).values(*_columns(model)))
        for key, model in kinds.items()
    }


def _columns(model: type[models.Model]) -> Iterable[str]:
    return [f.name for f in model._meta.concrete_fields if f.name not in _ROW_SKIPPED]


# --- Which programmes ------------------------------------------------------------------------


def taking_part(region: Region) -> Q:
    """Condition: the region lies in one that is listed; where none is listed, in the programme's own.

    Provinces that share a programme have no region above them: there its own is the one that leads.
    """
    listed = Programme.participating.through._default_manager.filter(programme=OuterRef("pk"))
    here = region.ancestor_codes
    return Exists(listed.filter(region__code__in=here)) | (Q(region__code__in=here) & ~Exists(listed))


def programme_for(where: Organization | Region, *, day: date | None = None) -> list[Programme]:
    """The open programmes of the day in which the region, or the organization's region, takes part."""
    region = where.region if isinstance(where, Organization) else where
    return list(open_programmes(day).filter(taking_part(region)))


def open_programmes(day: date | None = None, *, programmes: QuerySet[Programme] | None = None) -> QuerySet[Programme]:
    """Programmes (of those given) that accept claims on the day."""
    day = day or calendar.today()
    rows = Programme.objects.all() if programmes is None else programmes
    return rows.filter(status=Programme.State.OPEN, opens_on__lte=day, closes_on__gte=day)


def classes_of(organization: Organization, day: date | None = None) -> tuple[str, ...]:
    """The classes that the organization has on the day: by its kind, and by the lists of the year (one query)."""
    kinds = KIND_CLASSES.get(organization.kind, ())
    return (*kinds, *listed_classes(organization, day or calendar.today()))


def classes_under(policy: Policy, organization: Organization, day: date) -> tuple[str, ...]:
    """The classes with which the organization may ask under a policy, those it declares by itself among them.

    Lists are only read where the policy asks for a class that one can have by a list alone.
    """
    kinds = KIND_CLASSES.get(organization.kind, ())
    known = {key for classes in KIND_CLASSES.values() for key in classes} | set(declared(policy))
    listed = listed_classes(organization, day) if set(policy.eligible_classes or ()) - known else ()
    return (*kinds, *listed, *(declared(policy) if organization.kind in _DECLARING else ()))
