"""What rules need of each other before they can be published: a limit needs the field that it reads."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from .models import FieldRow, Override, ProgrammeVersion
from .models.parameters import ClaimMode
from .models.policies import Stage

#: The reserved key of the field that holds last year's revenue.
REVENUE = "revenue"
#: The reserved key of the evidence row that takes the stamped scan of the form.
STAMPED = "stamped_form"


def gaps_of(rules: ProgrammeVersion | Override) -> list[str]:
    """Sentences that say what is missing; empty when the rules can be published."""
    version = rules if isinstance(rules, ProgrammeVersion) else version_under(rules)
    return list(_gaps(rules, version)) if version else []


def version_under(override: Override) -> ProgrammeVersion | None:
    """The version that will hold on the override's first day, else the next one."""
    rows = override.programme.versions.filter(published_at__isnull=False)
    before = rows.filter(effective_from__lte=override.effective_from).order_by("-effective_from", "-number")
    return before.first() or rows.order_by("effective_from", "number").first()


def _gaps(rules: ProgrammeVersion | Override, version: ProgrammeVersion) -> Iterator[str]:
    limited = rules.revenue_max is not None or (rules == version and _overrides_limit(version))
    if limited and not _asks_revenue(version):
        yield _("设了“上年度收入上限”，申领表单里须有键为 revenue 的必填金额项，否则谁也不能申领")
    stamped = rules.stamped_form if rules.stamped_form is not None else version.stamped_form
    if stamped and not version.evidencerows.filter(stage=Stage.CLAIM, key=STAMPED).exists():
        yield _("须上传盖章表，申领材料里须有键为 stamped_form 的一项")
    mode = rules.claim_mode or version.claim_mode
    if mode == ClaimMode.REVIEWED and not (rules.claim_chain or version.claim_chain):
        yield _("申领方式为“审核后到账”，须填写申领审核流程")


def _overrides_limit(version: ProgrammeVersion) -> bool:
    """Whether a region or class has a limit that the version must let it read."""
    rows = Override.objects.filter(programme=version.programme_id, published_at__isnull=False)
    return rows.filter(revenue_max__isnull=False).exists()


def _asks_revenue(version: ProgrammeVersion) -> bool:
    rows = FieldRow.objects.filter(version=version, stage=Stage.CLAIM, key=REVENUE, required=True)
    return rows.filter(type=FieldRow.Type.YUAN, classes=[]).exists()
