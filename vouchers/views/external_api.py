"""What another platform calls when it has granted quota: one message a grant, answered in JSON."""

import json
from collections.abc import Mapping
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import ApiToken
from innovation_voucher.casework.tokens import token_of

from .. import external_rows
from ..models import Programme
from ..services import import_external_claim

#: What a token must be for.
SCOPE = "external-claims"
#: Bytes of one message.
_LONGEST = 10_000


class _Answer(Exception):  # noqa: N818  says what happened
    """An answer before the end."""

    def __init__(self, status: int, code: str, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.response = JsonResponse(
            {"error": code, "message": message, **({"fields": fields} if fields else {})},
            status=status,
            json_dumps_params={"ensure_ascii": False},
        )


@never_cache
@csrf_exempt
def external_claims(request: HttpRequest) -> HttpResponse:
    """Take one grant: 201 for a new one, 200 for one that was taken before, else why not."""
    # No session counts here, only the token: nothing that a browser could be tricked into sending.
    with override(settings.LANGUAGE_CODE):
        try:
            return _taken(request)
        except _Answer as answer:
            return answer.response


def _taken(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        raise _Answer(405, "method", _("只接受 POST 请求"))
    token = _token(request)
    message = _message(request)
    try:
        facts = external_rows.read(message)
        programme = _programme(message)
        claim, new = import_external_claim(programme, facts, region=token.region, by=None, source=str(token))
    except external_rows.FactsWrong as wrong:
        raise _Answer(422, "fields", _("有内容需要改正"), wrong.problems) from None
    except Refused as refused:
        raise _Answer(422, refused.code, str(refused)) from None
    account = claim.account.number if claim.account else ""
    said = {"claim": claim.number, "account": account, "status": claim.status, "amount": str(claim.granted)}
    return JsonResponse({**said, "new": new}, status=201 if new else 200)


def _token(request: HttpRequest) -> ApiToken:
    token = token_of(request.headers.get("Authorization", ""), SCOPE)
    if token is None:
        if not ratelimit.consume(request, action="api_door"):
            raise _Answer(429, "too_often", _("请求太频繁，一分钟后再试"))
        answer = _Answer(401, "token", _("令牌无效、已停用或已过期，联系发放令牌的科技主管部门"))
        answer.response["WWW-Authenticate"] = "Bearer"
        raise answer
    if not ratelimit.consume(request, action="api_call", key=str(token.pk)):
        answer = _Answer(429, "too_often", _("请求太频繁，一分钟后再试"))
        answer.response["Retry-After"] = "60"
        raise answer
    return token


def _message(request: HttpRequest) -> dict[str, Any]:
    if int(request.headers.get("Content-Length") or 0) > _LONGEST:
        raise _Answer(413, "too_large", _("每次请求提交一条申领结果"))
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _Answer(400, "json", _("请求内容须是一个 JSON 对象，UTF-8 编码"))
    return found


def _programme(message: Mapping[str, Any]) -> Programme:
    """The programme that the message names by family, year and kind; the kind may be empty."""
    family, year, kind = (message.get(key, "") for key in ("family", "year", "kind"))
    known = (
        external_rows.is_text(family) and external_rows.is_text(kind) and str(year).isascii() and str(year).isdigit()
    )
    rows = Programme.objects.filter(family=family, year=int(year), kind=kind) if known and len(str(year)) == 4 else None
    programme = rows.first() if rows is not None else None
    if programme is None:
        raise external_rows.FactsWrong({"family": _("没有这个方案，核对 family、year 和 kind")})
    return programme
