"""Files of a redemption that gathers orders: they hang on it, not on the orders."""

from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import attachments, audit, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.rules import require
from vouchers.resolve import policy_of

from .. import asked, rules
from ..models import Redemption


@transaction.atomic
def keep_file(redemption: Redemption, key: str, *, by: User, name: str, data: BinaryIO) -> Attachment:
    """Keep a file for one evidence row of what is gathered, in the draft or where a return names it."""
    redemption = _writable(redemption, key, by=by)
    row = next((row for row in asked.file_rows(policy_of(redemption.snapshot)) if row.key == key), None)
    if row is None:
        raise Refused(_("这份材料不需要上传。"))
    if row.maximum is not None and len(attachments.files(redemption, key)) >= row.maximum:
        words = _("“%(label)s”最多 %(n)s 份。先删除一份，再上传。")
        raise Refused(words % {"label": row.label, "n": row.maximum}, "too_many")
    file = attachments.attach(redemption, key, name=name, data=data, rule=attachments.rule_of(row), by=by)
    after = {"key": key, "file": file.name}
    audit.record("redemption.paper_added", redemption, by=by, region=redemption.region, after=after)
    return file


@transaction.atomic
def take_file_back(redemption: Redemption, file: Attachment, *, by: User) -> None:
    """Take a file out again."""
    redemption = _writable(redemption, file.key, by=by)
    if file not in attachments.files(redemption, file.key):
        raise Refused(_("这份材料不属于这份兑付。"))
    attachments.remove(file, by=by)
    before = {"key": file.key, "file": file.name}
    audit.record("redemption.paper_removed", redemption, by=by, region=redemption.region, before=before)


def _writable(redemption: Redemption, key: str, *, by: User) -> Redemption:
    rows = Redemption.objects.select_for_update(of=("self",))
    redemption = rows.select_related("payee", "programme", "snapshot", "region").get(pk=redemption.pk)
    returned = redemption.status == Redemption.State.RETURNED
    opened = set(reviews.returned_items(redemption)) if returned else set()
    require(rules.may_write(by, redemption, key, opened))
    return redemption
