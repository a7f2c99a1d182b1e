"""Ways out of the portal for SMS and mail; which one, the settings say."""

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import EmailMessage

TIMEOUT_SECONDS = 5


class SendFailed(Exception):  # noqa: N818  says what happened
    """The gateway did not take the message; the text is for the log and the admin."""


class Gateway(Protocol):
    """Takes one message. `key` is the same at every attempt, so that the other side may tell."""

    def __call__(self, to: str, body: str, *, key: str) -> None: ...


def console(to: str, body: str, *, key: str) -> None:
    """To the standard output."""
    sys.stdout.write(f"SMS to {to} ({key}): {body}\n")


def file_sink(to: str, body: str, *, key: str) -> None:
    """One JSON object a line in VAR_DIR/sms.jsonl."""
    path = Path(settings.VAR_DIR) / "sms.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"to": to, "body": body, "key": key}, ensure_ascii=False) + "\n")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the text and the number to an address that nobody configured."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def http(to: str, body: str, *, key: str) -> None:
    """POST {"to", "body", "key"} as JSON to SMS_HTTP_URL; any answer of 2xx means taken."""
    if not settings.SMS_HTTP_URL.startswith(("http://", "https://")):
        raise SendFailed("SMS_HTTP_URL is no http address")
    request = urllib.request.Request(  # noqa: S310  checked above
        settings.SMS_HTTP_URL,
        data=json.dumps({"to": to, "body": body, "key": key}).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": key},
    )
    try:
        # urllib turns every answer that is not 2xx into an error.
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT_SECONDS):
            pass
    except urllib.error.HTTPError as error:
        error.close()
        raise SendFailed(f"HTTP {error.code}") from None
    except OSError as error:
        raise SendFailed(str(error)) from None


_SMS: dict[str, Gateway] = {"console": console, "file": file_sink, "http": http}


def send_sms(to: str, body: str, *, key: str) -> None:
    """Through the gateway that SMS_GATEWAY names; raises SendFailed."""
    _SMS[settings.SMS_GATEWAY](to, body, key=key)


def send_mail(to: str, subject: str, body: str, *, key: str) -> None:
    """Through Django's mail backend; raises SendFailed."""
    message = EmailMessage(subject, body, to=[to], headers={"X-Message-Key": key})
    try:
        message.send()
    except OSError as error:
        # smtplib's errors are OSErrors too.
        raise SendFailed(str(error)) from None
