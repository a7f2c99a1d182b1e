"""异议: anybody objects to a row of an open list; it stops, and officers answer with a reason."""

import hmac
import re
import unicodedata
from typing import Any, BinaryIO

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from innovation_voucher.casework import attachments, audit, calendar, messaging, numbers, rights
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.rules import ALLOWED, Answer, require
from innovation_voucher.lib.uploads import Rule

from ..models import Objection, Publicity, Redemption
from ..notice_rules import PUBLISH
from .publishing import lock_publicity
from .redeeming import lock, tell_payee

EVIDENCE = "evidence"
EVIDENCE_RULE = Rule(formats=("jpg", "jpeg", "png", "pdf"), max_bytes=10 * 1024 * 1024)


@transaction.atomic
def object_to(publicity: Publicity, redemption: Redemption, *, name: str, contact: str, words: str) -> Objection:
    """Anybody objects to one redemption of an open list; it is not paid until an answer was given.

    Raises Refused when the list is over.
    """
    publicity = lock_publicity(publicity)
    require(_takes_objections(publicity))
    if not publicity.redemptions.filter(pk=redemption.pk).exists():
        raise Refused(_("所选的一项不在这份公示里，重新选择。"), "not_listed")
    redemption = lock(redemption)
    if redemption.status not in (Redemption.State.IN_PUBLICITY, Redemption.State.CONTESTED):
        raise Refused(_("这一项已不在公示中，可拨打公示单位的电话反映。"), "not_public")
    objection: Objection = Objection.objects.create(
        number=numbers.case_number("YY"),
        publicity=publicity,
        redemption=redemption,
        name=name.strip(),
        contact=plain(contact),
        words=words.strip(),
    )
    if redemption.status == Redemption.State.IN_PUBLICITY:
        redemption.contest()
        redemption.save(update_fields=["status"])
        audit.record("redemption.contested", redemption, by=None, region=redemption.region)
    audit.record("objection.received", objection, by=None, region=publicity.region)
    _tell_officers(objection)
    words_of = _("兑付申请 %(number)s 在公示期收到异议，答复前暂停拨付")
    tell_payee(redemption, "contested", words_of % {"number": redemption.number}, mark=objection.number)
    return objection


@transaction.atomic
def raise_objection(
    publicity: Publicity, redemption: Redemption, *, name: str, contact: str, words: str, file: Any = None
) -> Objection:
    """`object_to` with the uploaded file that was given along; both or neither."""
    objection = object_to(publicity, redemption, name=name, contact=contact, words=words)
    if file:
        add_evidence(objection, name=file.name, data=file)
    return objection


def add_evidence(objection: Objection, *, name: str, data: BinaryIO) -> Attachment:
    """A file of the one who objects, given with the form; officers open it."""
    return attachments.attach(objection, EVIDENCE, name=name, data=data, rule=EVIDENCE_RULE, by=None)


def _takes_objections(publicity: Publicity) -> Answer:
    if publicity.status == Publicity.State.OPEN and publicity.closes_on and calendar.today() <= publicity.closes_on:
        return ALLOWED
    return False, _("公示期已结束，不能再从这里提出异议。可拨打公示单位的电话反映。")


def plain(contact: str) -> str:
    """A phone or address as it is compared: without spaces and hyphens, in small letters of half width."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", contact)).lower()


def find_answered(number: str, contact: str) -> Objection | None:
    """The objection of that number for whoever gave the same contact; None for unknown and wrong alike."""
    rows = Objection.objects.select_related("publicity__office", "redemption")
    found = rows.filter(number=number.strip().upper()).first()
    known = found.contact if found else "-"
    return found if hmac.compare_digest(known.encode(), plain(contact).encode()) else None


def _tell_officers(objection: Objection) -> None:
    title = _("收到异议 %(number)s：%(list)s")
    messaging.notify(
        rights.holders(PUBLISH, objection.publicity.region),
        kind="publicity.objection",
        title=title % {"number": objection.number, "list": objection.publicity.title},
        link=reverse("desk-objection", args=[objection.number]),
        dedupe=f"objection:{objection.number}",
    )
