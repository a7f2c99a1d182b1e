"""One look at a voucher: which voucher, what the signature is worth, what the reader is told."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from innovation_voucher.casework.messaging import TooOften
from innovation_voucher.casework.templatetags.portal import iso_day, yuan_sign
from innovation_voucher.casework.web import client_address
from innovation_voucher.lib.identifiers import mask_org
from innovation_voucher.lib.references import group_code, normalise_code, verify_signature
from vouchers.models import Voucher
from vouchers.resolve import policy_of

from .. import rules, services
from ..models import Order, Scan
from ..verdicts import Verdict, verdict

#: What a QR code of ours ends with: the code and its signature.
LINK = re.compile(r"/q/([0-9A-Za-z-]{12,20})/([\w-]{22})/?$")

#: Typed codes in an hour: by an address without sign-in, by a person.
PUBLIC_LIMIT, PERSON_LIMIT = 20, 120

_WITH = ("organization", "carrier__organization", "region", "programme", "snapshot", "confirmed_by")


@dataclass(frozen=True)
class Look:
    """A code with or without signature, before this reader. `signature` is empty for a typed code."""

    request: HttpRequest
    code: str
    signature: str = ""
    #: The order of the voucher, where both were read under the voucher's lock already.
    order: Order | None = None

    @property
    def user(self) -> Any:
        return self.request.user

    @cached_property
    def voucher(self) -> Voucher | None:
        if self.order is not None:
            return self.order.voucher
        code = normalise_code(self.code)
        return Voucher.objects.select_related(*_WITH).filter(code=code).first() if code else None

    @property
    def is_typed(self) -> bool:
        return not self.signature

    @cached_property
    def version(self) -> int | None:
        """The print version that the signature is valid for."""
        if self.voucher is None or self.is_typed:
            return None
        versions = range(1, self.voucher.print_version + 1)
        return verify_signature(self.voucher.code, self.signature, versions, settings.QR_KEYS)

    @cached_property
    def verdict(self) -> Verdict:
        return verdict(self.voucher, user=self.user, version=self.version, typed=self.is_typed)

    @property
    def road(self) -> str:
        if self.is_typed:
            return Scan.Road.CODE
        asked = self.request.GET.get("road") or self.request.POST.get("road")
        return Scan.Road.PHOTO if asked == Scan.Road.PHOTO else Scan.Road.LINK

    @property
    def needs_password(self) -> bool:
        """Above the scheme's limit the one who receives proves anew who they are."""
        if self.voucher is None:
            return False
        limit = policy_of(self.voucher.snapshot).receive_mfa_over
        return limit is not None and self.voucher.amount > limit

    def refuse_guessing(self) -> None:
        """Raises TooOften for who types one code after another."""
        if not self.is_typed or self._is_bound:
            return
        since = timezone.now() - timedelta(hours=1)
        typed = Scan.objects.filter(road=Scan.Road.CODE, at__gt=since)
        if self.user.is_authenticated:
            mine, most = typed.filter(user=self.user), PERSON_LIMIT
        else:
            mine, most = typed.filter(user=None, address=client_address(self.request)), PUBLIC_LIMIT
        if mine.count() >= most:
            raise TooOften(_("查询券号的次数较多，一小时后再试，或扫券上的二维码。"))

    @property
    def _is_bound(self) -> bool:
        return self.voucher is not None and rules.is_member(self.user, self.voucher.carrier.organization)

    def log(self) -> Scan:
        """Keep this look with its reason code."""
        return services.log_scan(
            voucher=self.voucher,
            text="" if self.voucher else self.code,
            road=self.road,
            reason=self.verdict.code,
            user=self.user if self.user.is_authenticated else None,
            address=client_address(self.request),
        )

    @property
    def facts(self) -> list[dict[str, Any]]:
        """All for the parties; to everybody else names are masked."""
        voucher = self.voucher
        if voucher is None:
            return []
        rows = [(_("券号"), group_code(voucher.code))]
        rows += self._all(voucher) if self.verdict.facts else self._masked(voucher)
        rows.append((_("有效期至"), iso_day(voucher.valid_until)))
        return [{"label": label, "value": value} for label, value in rows]

    @staticmethod
    def _all(voucher: Voucher) -> list[tuple[str, str]]:
        return [
            (_("金额"), yuan_sign(voucher.amount)),
            (_("持券企业"), voucher.organization_name),
            (_("服务机构"), voucher.carrier_name),
            (_("服务内容"), voucher.service_title),
            (_("合同名称"), voucher.contract_name),
            (_("合同编号"), voucher.contract_number),
            (_("合同金额"), yuan_sign(voucher.contract_amount)),
            (_("由谁兑付"), voucher.get_redeemer_display()),
        ]

    @staticmethod
    def _masked(voucher: Voucher) -> list[tuple[str, str]]:
        return [
            (_("服务机构"), voucher.carrier_name),
            (_("持券企业"), mask_org(voucher.organization_name)),
        ]


def parts_of(text: str) -> tuple[str, str] | None:
    """Code and signature in what a QR code says; None when it is none of ours."""
    found = LINK.search(text.strip())
    return (found[1], found[2]) if found else None


def looked_at_today(user: Any) -> int:
    """How many different vouchers the person has looked at today."""
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    scans = Scan.objects.filter(user=user, at__gte=start, voucher__isnull=False)
    return scans.values("voucher").distinct().count()
