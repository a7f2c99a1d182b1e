"""Files and their page images, shown to whoever may see the object that they belong to."""

import logging

from django.contrib.auth.decorators import login_required
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from innovation_voucher.lib.uploads.kinds import CONTENT_TYPES

from . import attachments
from .models import Attachment
from .web import viewer_of

logger = logging.getLogger(__name__)


def _checked(request: HttpRequest, token: str) -> Attachment:
    """The file, when the reader may see its object; a removed one stays open to offices only."""
    attachment = get_object_or_404(Attachment, token=token)
    officer = viewer_of(request).audience == "office"
    if attachment.removed_at and not officer:
        raise Http404
    if not attachments.may_open(request.user, attachment):
        raise Http404
    if officer or viewer_of(request).audience == "expert":
        attachments.mark_seen(attachment, request.user)
    return attachment


def _answer(content: FieldFile, *, kind: str, name: str = "") -> FileResponse:
    """The bytes under headers that keep a hostile file from doing anything in the reader's name."""
    try:
        stream = content.open()
    except FileNotFoundError:
        logger.exception("the storage has lost %s", content.name)
        raise Http404 from None
    response = FileResponse(
        stream,
        as_attachment=bool(name),
        filename=name,
        content_type=CONTENT_TYPES.get(kind, "application/octet-stream"),
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_GET
@login_required
def original(request: HttpRequest, token: str) -> FileResponse:
    """The file itself, always as a download."""
    attachment = _checked(request, token)
    return _answer(attachment.file, kind=attachment.kind, name=attachment.name)


@require_GET
@login_required
def page(request: HttpRequest, token: str, number: int) -> FileResponse:
    """One page as an image inside a page of ours."""
    attachment = _checked(request, token)
    image = attachments.page(attachment, number)
    if image is None:
        raise Http404
    return _answer(image.file, kind=attachment.kind if attachment.kind in attachments.PICTURES else "png")
