"""Walking through pages without a browser: a client per person, and posts that carry their token."""

from typing import Any

from django.test import Client

from innovation_voucher.casework.idempotency import FIELD, new_token

#: Text that would do harm where it is not escaped or not stored as it is.
HOSTILE = {
    "markup": '<script>alert(1)</script><img src=x onerror=1>" autofocus onfocus="alert(3){{ user }}{% debug %}',
    "formula": "=HYPERLINK(0)+cmd|' /C calc'!A0 100%s %(name)s",
    "signs": "报告\u202efdp.exe\u202c 检测👩‍🔬與龘𠮷",
}


def client_of(user: Any = None) -> Client:
    """A browser that speaks Chinese, signed in as the person or nobody's."""
    client = Client(headers={"accept-language": "zh-hans"})
    if user is not None:
        client.force_login(user)
    return client


def post(client: Client, path: str, **data: Any) -> Any:
    """Post a form with a fresh one-time token."""
    return client.post(path, {FIELD: new_token(), **data})


def text_of(response: Any) -> str:
    """The page as text."""
    found: str = response.content.decode()
    return found
