"""Hostile files posted to a page: refused or made harmless, never an error of ours, soon answered."""

import io
import zipfile
from collections import Counter

import pikepdf
import pytest
from pytest_django import Settings

from innovation_voucher.casework.models import Attachment
from innovation_voucher.lib.uploads.kinds import CONTENT_TYPES
from orders.tests.factories import make_order, make_world

from .conftest import Say, tally
from .hostile import CORPUS
from .processes import Server
from .wire import send, sign_in, upload

pytestmark = [pytest.mark.storm, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("whole")]

SECONDS = 3


def test_there_are_sixty_of_them() -> None:
    assert len(CORPUS) >= 60


def test_hostile_files(portal: Server, settings: Settings, say: Say) -> None:
    settings.MEDIA_ROOT = portal.place.folder / "media"
    anything = {"key": "other", "label": "其他", "formats": list(CONTENT_TYPES), "max_bytes": 20_000_000}
    world = make_world(evidence=(anything,))
    order, cookie = make_order(world, "accepted"), sign_in(world.owner)
    answers = []
    for name, content in CORPUS.items():
        request = upload(f"/ent/orders/{order.number}/use/", cookie, {"other-file": (name, content)}, upload="other")
        answer = send(portal.socket, request)
        assert answer.seconds <= SECONDS, (name, answer)
        answers.append(answer)
    found = tally(answers)
    assert set(found) == {302, 422}, found
    kept = Attachment.objects.filter(key="other")
    assert kept.count() == found[302]
    for file in kept:
        with file.file.open() as stored:
            assert b"EVIL" not in everything(file.kind, stored.read()), file.name
    kinds = Counter(file.kind for file in kept)
    say(
        f"files: {len(CORPUS)} hostile, {found[422]} refused, {found[302]} made harmless ({dict(kinds)}), "
        f"0 errors, slowest {max(answer.seconds for answer in answers):.1f} s"
    )


def everything(kind: str, content: bytes) -> bytes:
    """The bytes, of a PDF all its objects and streams as well, and of a package all its parts."""
    if kind == "pdf":
        with pikepdf.open(io.BytesIO(content)) as document:
            parts = [item.unparse(resolved=True) for item in document.objects]
            parts += [item.read_bytes() for item in document.objects if isinstance(item, pikepdf.Stream)]
        return b"\n".join([content, *parts])
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return b"\n".join([content, *(package.read(name) for name in package.namelist())])
    return content
