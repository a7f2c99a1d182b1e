"""What a person typed, kept in the session from a form to its check page and through every upload."""

from django.http import HttpRequest, QueryDict

from innovation_voucher.casework.idempotency import FIELD

_LEFT_OUT = ("csrfmiddlewaretoken", FIELD, "upload", "calc")


def keep(request: HttpRequest, name: str) -> None:
    """Keep what was posted under a name."""
    typed = request.POST.copy()
    for key in _LEFT_OUT:
        typed.pop(key, None)
    request.session[f"draft:{name}"] = typed.urlencode()


def kept(request: HttpRequest, name: str) -> QueryDict | None:
    """What was kept, as data for a form; None when nothing was."""
    text = request.session.get(f"draft:{name}")
    return QueryDict(text) if text else None


def forget(request: HttpRequest, name: str) -> None:
    """The journey has ended."""
    request.session.pop(f"draft:{name}", None)
