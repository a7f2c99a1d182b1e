"""Private files of objects: inspected, kept once under a random name, shown through a checked view."""

import hashlib
import io
import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any, BinaryIO, Protocol

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.images import get_image_dimensions
from django.db import transaction
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from innovation_voucher.lib import pdf, uploads
from innovation_voucher.lib.uploads.refusal import size_text

from . import memo
from .errors import Refused
from .models import Attachment, AttachmentPage, AttachmentView, Interest
from .subjects import subject_for, subject_of

PICTURES = ("jpg", "png")

_PAGE_LIMIT = 30

MaySee = Callable[[Any, Any], bool]
_owners: dict[type[Model], MaySee] = {}
_readers: list[MaySee] = []


class FileRefused(Refused, uploads.Refused):
    """The file is not taken; the message says what is wrong with it and what to do."""

    code = "file"


class RuleRow(Protocol):
    """What a row of evidence says about one file; `strict`: smaller than the limit, not equal to it."""

    @property
    def formats(self) -> Sequence[str]: ...
    @property
    def max_bytes(self) -> int: ...
    @property
    def strict(self) -> bool: ...


def register_owner(model: type[Model], may_see: MaySee) -> None:
    """Let files hang on a model that is no review subject; `may_see(user, obj)` decides who opens them."""
    _owners[model] = may_see


def register_reader(reads: MaySee) -> None:
    """Let files be opened by people of whom their owner knows nothing; `reads(user, attachment)` decides."""
    _readers.append(reads)


def rule_of(row: RuleRow) -> uploads.Rule:
    """The rule for a file that answers a row of evidence."""
    return uploads.Rule(formats=tuple(row.formats), max_bytes=row.max_bytes, below=row.strict)


# --- Keeping --------------------------------------------------------------------------------


def attach(obj: Model, key: str, *, name: str, data: BinaryIO, rule: uploads.Rule, by: Any) -> Attachment:
    """Inspect a file and keep what passed under a key of the object; raises FileRefused."""
    try:
        passed = uploads.inspect(name, data, rule)
    except uploads.Refused as refused:
        raise FileRefused(str(refused)) from None
    return _keep(obj, key, passed, by)


def generated(obj: Model, key: str, *, name: str, content: bytes, by: Any) -> Attachment:
    """Keep a document that the portal made itself (a PDF, a bank file)."""
    kind = name.rpartition(".")[2].lower()
    pages = pdf.page_count(content) if kind == "pdf" else None
    digest = hashlib.sha256(content).hexdigest()
    return _keep(obj, key, uploads.Inspected(name, kind, len(content), digest, pages, content), by)


def _keep(obj: Model, key: str, file: uploads.Inspected, by: Any) -> Attachment:
    attachment = Attachment(
        subject=obj,
        key=key,
        token=secrets.token_hex(16),
        name=file.name,
        kind=file.kind,
        size=file.size,
        sha256=file.sha256,
        pages=file.pages or 0,
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )
    # The name on the disk tells neither the file's name nor its address.
    attachment.file.save(secrets.token_hex(16), ContentFile(file.content), save=False)
    attachment.save()
    return attachment


def remove(attachment: Attachment, *, by: Any) -> None:  # noqa: ARG001  every verb names who acts
    """Take a file out of the object; row and content stay for the record. Twice is once."""
    Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=timezone.now())


@transaction.atomic
def copy_files(source: Model, target: Model, *, by: Any) -> list[Attachment]:
    """Give another object the same live files, under addresses of their own."""
    copies = files(source)
    for copy in copies:
        copy.pk, copy.subject, copy.token = None, target, secrets.token_hex(16)
        copy.uploaded_by, copy.uploaded_at = by, timezone.now()
        copy.save(force_insert=True)
    return copies


# --- Finding --------------------------------------------------------------------------------


def files(obj: Model, key: str | None = None) -> list[Attachment]:
    """Live files of an object (under one key), in the order in which they came."""
    return [file for file in files_for([obj])[obj.pk] if key is None or file.key == key]


def files_for(objs: Iterable[Model]) -> dict[int, list[Attachment]]:
    """Live files of several objects of one model by their id, in one query, which a page asks once."""
    rows = list(objs)
    if not rows:
        return {}
    kind, ids = ContentType.objects.get_for_model(rows[0]), [obj.pk for obj in rows]
    return memo.on_page(("files", kind.pk, tuple(ids)), lambda: _read_files(kind, ids))


def _read_files(kind: ContentType, ids: Sequence[int]) -> dict[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = {pk: [] for pk in ids}
    live = Attachment.objects.filter(subject_type=kind, subject_id__in=ids, removed_at=None)
    for file in live.order_by("id"):
        found[file.subject_id].append(file)
    return found


def card(attachment: Attachment, *, replace_url: str = "", delete_url: str = "") -> dict[str, str]:
    """What `components/file.html` shows of a file, with links to the acts that its place offers."""
    size = size_text(attachment.size, up=True)
    pages = _("%(pages)d 页") % {"pages": attachment.pages}
    return {
        "name": attachment.name,
        "kind": attachment.kind.upper(),
        "meta": f"{pages}，{size}" if attachment.kind == "pdf" else size,
        "url": reverse("file", args=(attachment.token,)),
        "replace_url": replace_url,
        "delete_url": delete_url,
    }


def may_open(user: Any, attachment: Attachment) -> bool:
    """Whether the person may see the object that the file belongs to, and keeps away from no case of it."""
    obj = attachment.subject
    if obj is None or not user.is_authenticated or _avoids(user, attachment):
        return False
    may_see = _owners.get(type(obj))
    try:
        owned = (may_see or subject_for(obj).may_see)(user, obj)
    except LookupError:
        owned = False
    return owned or any(reads(user, attachment) for reads in _readers)


def _avoids(user: Any, attachment: Attachment) -> bool:
    """Whether the file is evidence of a case in which the person declared an interest."""
    for found in Interest.objects.filter(user=user).select_related("case__subject_type"):
        case = found.case
        if (case.subject_type_id, case.subject_id) == (attachment.subject_type_id, attachment.subject_id):
            return True
        subject = subject_of(case)
        if subject.files_of and any(file.pk == attachment.pk for file in subject.files_of(case.subject)):
            return True
    return False


def mark_seen(attachment: Attachment, user: Any) -> None:
    """Note that a reviewer opened the file."""
    view = AttachmentView(attachment=attachment, user=user, at=timezone.now())
    AttachmentView.objects.bulk_create([view], ignore_conflicts=True)


# --- Page images ----------------------------------------------------------------------------


def page(attachment: Attachment, number: int) -> AttachmentPage | None:
    """One page as an image, drawn when first asked for; None where there is none.

    A picture is its own page. Of a long document only the first 30 pages are drawn.
    """
    if not 1 <= number <= min(attachment.pages, _PAGE_LIMIT):
        return None
    found = AttachmentPage.objects.filter(attachment=attachment, number=number)
    return found.first() or (_draw(attachment) and found.first()) or None


@transaction.atomic
def _draw(attachment: Attachment) -> bool:
    """Store the images of all pages, once, whoever asks at the same time."""
    locked = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if locked.images.exists():
        return True
    if locked.kind in PICTURES:
        with locked.file.open() as source:
            width, height = get_image_dimensions(source)
        AttachmentPage.objects.create(
            attachment=locked, number=1, width=width or 0, height=height or 0, file=locked.file.name
        )
    elif locked.kind == "pdf":
        try:
            with locked.file.open() as source:
                drawn = pdf.page_images(source.read(), limit=_PAGE_LIMIT)
        except pdf.PdfBroken:
            return False
        for number, content in enumerate(drawn, 1):
            _store_page(locked, number, content)
    return True


def _store_page(attachment: Attachment, number: int, content: bytes) -> None:
    width, height = get_image_dimensions(io.BytesIO(content))
    image = AttachmentPage(attachment=attachment, number=number, width=width or 0, height=height or 0)
    image.file.save(f"{secrets.token_hex(16)}.png", ContentFile(content), save=False)
    image.save()
