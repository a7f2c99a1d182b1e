"""Issuing, finding and revoking the tokens of other platforms; only a digest of the secret is kept."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import audit, calendar, rights
from .errors import NotAllowed, Refused
from .models import ApiToken, Region
from .rules import require

#: Who issues tokens in a region.
RIGHT = "manage_programmes"
_MARK = "ivt_"
_scopes: dict[str, Any] = {}


def register_scopes(words: Mapping[str, Any]) -> None:
    """Name what a token can be for: key → words of the page."""
    _scopes.update(words)


def scopes() -> list[tuple[str, Any]]:
    """Every registered scope with its words."""
    return list(_scopes.items())


@transaction.atomic
def issue_token(*, name: str, scope: str, region: Region, last_day: date, by: Any) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody can read again. Raises NotAllowed, Refused."""
    require((rights.holds(by, RIGHT, region), _("接口令牌由该地区管理创新券方案的人员发放")), NotAllowed)
    if last_day <= calendar.today():
        raise Refused(_("有效至须晚于今天"))
    secret = f"{_MARK}{secrets.token_urlsafe(32)}"
    facts = {"name": name, "scope": scope, "region": region, "last_day": last_day}
    token = ApiToken.objects.create(digest=_digest(secret), issued_by=by, issued_at=timezone.now(), **facts)
    audit.record("token.issued", token, by=by, region=region, after={"scope": scope, "last_day": last_day})
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Any) -> ApiToken:
    """From now on the token opens nothing; twice is once."""
    fresh = ApiToken.objects.select_for_update(of=("self",)).select_related("region").get(pk=token.pk)
    require((rights.holds(by, RIGHT, fresh.region), _("接口令牌由该地区管理创新券方案的人员停用")), NotAllowed)
    if fresh.revoked_at is None:
        fresh.revoked_at = timezone.now()
        fresh.save(update_fields=["revoked_at"])
        audit.record("token.revoked", fresh, by=by, region=fresh.region)
    return fresh


def token_of(header: str, scope: str) -> ApiToken | None:
    """The live token of an Authorization header ("Bearer …") with the scope; notes that it was used."""
    kind, _space, secret = header.partition(" ")
    if kind.lower() != "bearer" or not secret.startswith(_MARK):
        return None
    live = ApiToken.objects.filter(scope=scope, revoked_at=None, last_day__gte=calendar.today())
    token = live.select_related("region").filter(digest=_digest(secret.strip())).first()
    if token is not None:
        ApiToken.objects.filter(pk=token.pk).update(used_at=timezone.now())
    return token


def _digest(secret: str) -> str:
    # 256 random bits need no slow hash: nobody guesses them.
    return hashlib.sha256(secret.encode()).hexdigest()
