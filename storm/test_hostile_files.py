"""Hostile files posted to a page: refused or made harmless, never an error of ours, soon answered."""

import io
from collections import Counter

import pikepdf
import pytest
from pytest_django import Settings

from innovation_voucher.casework.models import Attachment
from innovation_voucher.lib.tests import files
from innovation_voucher.lib.uploads.kinds import CONTENT_TYPES
from orders.tests.factories import make_order, make_world

from . import SHORT
from .conftest import Say, tally
from .processes import Server
from .wire import send, sign_in, upload

pytestmark = [pytest.mark.storm, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("whole")]

SECONDS = 3
ENTITY = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>EVIL&e;</a>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "EVIL">{LAUGHS}]><a>&l9;</a>'
TAIL = b"<script>EVIL</script>"

OTHERS: dict[str, bytes] = {
    "page.pdf": b"<!DOCTYPE html><script>EVIL</script>",
    "drawing.png": b"<svg xmlns='http://www.w3.org/2000/svg' onload='EVIL'/>",
    "entity.xml": ENTITY.encode(),
    "laughs.xml": BILLION.encode(),
    "entity.ofd": files.archive({"OFD.xml": ENTITY}),
    "macro.docx": files.document(**{"word__vbaProject.bin": b"EVIL"}),
    "bomb.zip": files.archive({f"{n}.pdf": bytes(4_000_000) for n in range(5)}),
    "nested.zip": files.archive({"inner.zip": files.archive({"a.pdf": files.pdf()})}),
    "many.zip": files.archive({f"{n}.pdf": b"EVIL" for n in range(201)}),
    "../../slip.zip": files.archive({"../../etc/evil.pdf": files.pdf() + TAIL}),
    "flood.png": files.picture(size=(14_000, 14_000), mode="1", color=0),
    "tail.jpg": files.picture("JPEG", comment=b"EVIL") + TAIL,
    "tail.pdf": files.pdf() + files.archive({"a.html": TAIL}),
    "locked.pdf": files.pdf(encryption=pikepdf.Encryption(user="x", owner="y")),
    "cut.pdf": files.pdf()[:80],
    "program.pdf": b"MZ" + bytes(400) + b"EVIL",
    "nothing.pdf": b"",
    "zero\x00name.pdf": files.pdf(files.ACTIVE_PDFS["opening script"]),
}
ACTIVE = {f"{name}.pdf": files.pdf(change) for name, change in files.ACTIVE_PDFS.items()}


def corpus() -> list[tuple[str, bytes]]:
    """(name, content); a full round brings each file under a second name that lies about its kind."""
    found = [*OTHERS.items(), *ACTIVE.items()]
    if SHORT:
        return found[:20]
    return found + [(f"{name}.exe", content) for name, content in found] + [(f"发票{n}.jpg", TAIL) for n in range(2)]


def test_hostile_files(portal: Server, settings: Settings, say: Say) -> None:
    settings.MEDIA_ROOT = portal.place.folder / "media"
    anything = {"key": "other", "label": "其他", "formats": list(CONTENT_TYPES), "max_bytes": 20_000_000}
    world = make_world(evidence=(anything,))
    order, cookie = make_order(world, "accepted"), sign_in(world.owner)
    hostile = corpus()
    answers = []
    for name, content in hostile:
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
        f"files: {len(hostile)} hostile, {found[422]} refused, {found[302]} made harmless ({dict(kinds)}), "
        f"0 errors, slowest {max(answer.seconds for answer in answers):.1f} s"
    )


def everything(kind: str, content: bytes) -> bytes:
    """The bytes, and of a PDF all its objects and streams as well."""
    if kind != "pdf":
        return content
    with pikepdf.open(io.BytesIO(content)) as document:
        parts = [item.unparse(resolved=True) for item in document.objects]
        parts += [item.read_bytes() for item in document.objects if isinstance(item, pikepdf.Stream)]
    return b"\n".join([content, *parts])
