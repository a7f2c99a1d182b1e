"""Requests as bytes on raw sockets, so that many can be held back by one byte and then let go at once."""

import secrets
import selectors
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

if TYPE_CHECKING:
    # A model, which cannot be imported before Django is set up.
    from django.contrib.auth.base_user import AbstractBaseUser

#: Any 32 letters: cookie and field only have to agree.
CSRF = "c" * 32
TIMEOUT = 120


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 when the connection ended without an answer."""

    status: int
    location: str = ""
    seconds: float = 0.0


def sign_in(user: "AbstractBaseUser") -> str:
    """The Cookie header of a new session, made directly in the database."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return f"session={store.session_key}; csrf={CSRF}"


def get(path: str, cookie: str) -> bytes:
    """A GET without a body."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()


def post(path: str, cookie: str, *, token: str = "", **fields: str) -> bytes:
    """A form with its CSRF and one-time token (a fresh one by default)."""
    body = urlencode(_with_tokens(fields, token)).encode()
    return _posted(path, cookie, "application/x-www-form-urlencoded", body)


def upload(path: str, cookie: str, files: Mapping[str, tuple[str, bytes]], **fields: str) -> bytes:
    """A form with files: field -> (name, content)."""
    parts = {key: SimpleUploadedFile(name, content) for key, (name, content) in files.items()}
    body = encode_multipart(BOUNDARY, {**_with_tokens(fields, ""), **parts})
    return _posted(path, cookie, MULTIPART_CONTENT, body)


def _with_tokens(fields: Mapping[str, str], token: str) -> dict[str, str]:
    return {**fields, "csrfmiddlewaretoken": CSRF, "_token": token or secrets.token_urlsafe(32)}


def _posted(path: str, cookie: str, kind: str, body: bytes) -> bytes:
    head = [
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        f"Cookie: {cookie}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


def send(path: Path, request: bytes) -> Answer:
    """One request, one answer; status 0 when the server is not there."""
    try:
        return fire(path, [request])[0]
    except OSError:
        return Answer(0)


def fire(path: Path, requests: Sequence[bytes], *, meanwhile: Callable[[], object] | None = None) -> list[Answer]:
    """All requests at once: each is sent but for its last byte, then all last bytes are sent.

    `meanwhile` is called right before the last bytes go. Raises OSError when nobody listens.
    """
    sockets = [socket.socket(socket.AF_UNIX) for _request in requests]
    try:
        for one, request in zip(sockets, requests, strict=True):
            one.settimeout(TIMEOUT)
            one.connect(str(path))
            one.sendall(request[:-1])
        if meanwhile:
            meanwhile()
        for one, request in zip(sockets, requests, strict=True):
            one.sendall(request[-1:])
        return _collect(sockets)
    finally:
        for one in sockets:
            one.close()


def _collect(sockets: list[socket.socket]) -> list[Answer]:
    """Read all answers as they come; who has its answer hangs up at once, as a proxy does."""
    started = time.monotonic()
    came: dict[socket.socket, bytes] = dict.fromkeys(sockets, b"")
    answers: dict[socket.socket, Answer] = {}
    with selectors.DefaultSelector() as waiting:
        for one in sockets:
            waiting.register(one, selectors.EVENT_READ)
        while len(answers) < len(sockets) and (ready := waiting.select(TIMEOUT)):
            for one in [cast("socket.socket", key.fileobj) for key, _events in ready]:
                chunk = _received(one)
                came[one] += chunk
                if not chunk:
                    answers[one] = _answer(came[one], time.monotonic() - started)
                    waiting.unregister(one)
                    one.close()
    return [answers.get(one, Answer(0)) for one in sockets]


def _received(one: socket.socket) -> bytes:
    """What came; nothing at the end, or when the process at the other side was killed."""
    try:
        return one.recv(65536)
    except ConnectionResetError:
        return b""


def _answer(content: bytes, seconds: float) -> Answer:
    head = content.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    words = head[0].split(" ")
    found = [line.partition(":")[2].strip() for line in head if line.lower().startswith("location:")]
    status = int(words[1]) if len(words) > 1 else 0
    return Answer(status, found[0] if found else "", seconds)
