"""Forms that take effect once: same token, same answer.

A form that moves money or state carries `{% once_token %}`, its view is decorated with `@once`.
Token, digest of what was posted and the redirect are stored in the transaction of the act itself.
"""

import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from . import inserts
from .models import OneTimeToken

FIELD = "_token"
KEPT = timedelta(days=730)

# What `new_token` writes: URL-safe base64 of 32 bytes.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
# The CSRF token is masked anew for every page, so a form that is loaded twice differs in it.
_NOT_CONTENT = {FIELD, "csrfmiddlewaretoken"}

View = Callable[..., HttpResponse]


def new_token() -> str:
    """A token for one form of one page: 256 random bits."""
    return secrets.token_urlsafe(32)


def given_token(request: HttpRequest) -> str:
    """The token of a posted form for acts that keep it themselves; empty when there is none."""
    token = request.POST.get(FIELD, "")
    return token if _TOKEN.fullmatch(token) else ""


def once(view: View) -> View:
    """Run a POST in one transaction, and a second one with the same token not again.

    Only a redirect is remembered, so a form that did not pass may be mended and posted with the
    same token. The same token with another body, path or person, or without a token, is answered
    by a page with status 422. While the first POST still runs, the second waits for it. The view
    finds its token as `request.once_token` (empty for a GET).
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = request.POST.get(FIELD, "") if request.method == "POST" else ""
        setattr(request, "once_token", token)  # noqa: B010  the type of a request knows no token
        if request.method != "POST":
            return view(request, *args, **kwargs)
        if not _TOKEN.fullmatch(token):
            return _refused(request)
        with transaction.atomic(), inserts.gathering():
            return _answer(request, token, lambda: view(request, *args, **kwargs))

    return wrapped


def prune(now: datetime, dry_run: bool) -> list[str]:
    """Sweep: forget tokens after two years."""
    old = OneTimeToken.objects.filter(used_at__lt=now - KEPT)
    count = old.count() if dry_run else old.delete()[0]
    return [f"{count} tokens"] if count else []


def _answer(request: HttpRequest, token: str, run: Callable[[], HttpResponse]) -> HttpResponse:
    digest = _digest(request)
    user = request.user if request.user.is_authenticated else None
    if not _taken(OneTimeToken(token=token, user=user, digest=digest, used_at=timezone.now())):
        earlier = OneTimeToken.objects.get(token=token)
        same = earlier.digest == digest and earlier.user_id == (user.pk if user else None)
        return redirect(earlier.redirect) if same else _refused(request, other=True)
    response = run()
    table = f"{OneTimeToken._meta.db_table}"
    if isinstance(response, HttpResponseRedirect):
        inserts.flush((f"UPDATE {table} SET redirect = %s WHERE token = %s", [response.url, token]))  # noqa: S608
    else:
        inserts.flush((f"DELETE FROM {table} WHERE token = %s", [token]))  # noqa: S608  the name of our own table
    return response


def _taken(row: OneTimeToken) -> bool:
    """Whether the token is ours now; waits for another POST with the same one that still runs."""
    with connection.cursor() as cursor:
        cursor.execute(*inserts.statement([row], ignore_conflicts=True))
        return int(cursor.rowcount) == 1


def _digest(request: HttpRequest) -> str:
    """Of the path, all fields and the content of all files, whatever their order."""
    fields = [(name, values) for name, values in request.POST.lists() if name not in _NOT_CONTENT]
    parts = [f"field {name}={value!r}" for name, values in fields for value in values]
    parts += [f"file {name}={_sha256(file)}" for name in request.FILES for file in request.FILES.getlist(name)]
    return hashlib.sha256("\n".join([request.path, *sorted(parts)]).encode()).hexdigest()


def _sha256(file: "UploadedFile[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _refused(request: HttpRequest, *, other: bool = False) -> HttpResponse:
    """The page that says to load the form anew, with a link back to where it was."""
    back = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    return render(request, "errors/422.html", {"back": back, "other": other}, status=422)
