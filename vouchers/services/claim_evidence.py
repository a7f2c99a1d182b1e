"""The files of a claim, where its scheme asks for any."""

from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import may_act
from innovation_voucher.casework import attachments
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.rules import require

from ..claim_specs import evidence_of
from ..models import Claim
from ..policy import EvidenceSpec
from .claim_telling import record
from .granting import locked_claim
from .reviewed import open_keys


@transaction.atomic
def add_claim_file(claim: Claim, key: str, *, by: User, name: str, data: BinaryIO) -> Attachment:
    """Keep a file for one evidence row of a draft, or of a returned claim that names the row.

    Raises Refused when the row has its maximum, FileRefused when the file is not fit.
    """
    claim, row = _row(claim, key, by)
    if row.maximum is not None and len(attachments.files(claim, key)) >= row.maximum:
        raise Refused(_("“%(label)s”最多 %(n)s 份。先删除一份，再上传。") % {"label": row.label, "n": row.maximum})
    file = attachments.attach(claim, key, name=name, data=data, rule=attachments.rule_of(row), by=by)
    record("claim.file_added", claim, by=by, before=claim.status, file=file.name)
    return file


@transaction.atomic
def remove_claim_file(claim: Claim, file: Attachment, *, by: User) -> None:
    """Take a file back while its row is open."""
    claim, _row_of_file = _row(claim, file.key, by)
    if file not in attachments.files(claim, file.key):
        raise Refused(_("“%(name)s”不是这份申领的材料。刷新页面查看最新材料。") % {"name": file.name})
    attachments.remove(file, by=by)
    record("claim.file_removed", claim, by=by, before=claim.status, file=file.name)


def _row(claim: Claim, key: str, by: User) -> tuple[Claim, EvidenceSpec]:
    claim = locked_claim(claim)
    require(may_act(by, claim.organization), NotAllowed)
    found = next((row for row in evidence_of(claim) if row.key == key and key in open_keys(claim)), None)
    if found is None:
        raise Refused(_("这份材料现在不需要上传或修改。"))
    return claim, found
