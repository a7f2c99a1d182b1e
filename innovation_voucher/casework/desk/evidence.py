"""The column of evidence beside a case: files, which were seen, and one page as an image."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import QueryDict
from django.urls import reverse

from .. import memo
from ..models import Attachment, AttachmentPage, AttachmentView
from ..subjects import Subject, Target

#: Size of an A4 page as we draw it, until the page itself was drawn.
_WIDTH, _HEIGHT = 800, 1131


def files_of(subject: Subject, obj: Any, user: Any, query: QueryDict) -> list[Any]:
    """Live files of the subject, each with `seen` for this reader and the size of the asked page."""
    if subject.files_of is None:
        own = Attachment.objects.filter(subject_type=subject.content_type, subject_id=obj.pk, removed_at=None)
        found = list(_marked(own, user, _number(query)))
        if memo.is_page():  # the subject's facts and checks name the same files
            memo.keep(("files", subject.content_type.pk, (obj.pk,)), {obj.pk: found})
        return found
    own = Attachment.objects.filter(pk__in=[file.pk for file in subject.files_of(obj)])
    return list(_marked(own, user, _number(query)))


def _marked(files: QuerySet[Attachment], user: Any, number: int) -> QuerySet[Any]:
    viewed = AttachmentView.objects.filter(attachment=OuterRef("pk"), user=user)
    image = AttachmentPage.objects.filter(attachment=OuterRef("pk"), number=number)
    return files.annotate(
        seen=Exists(viewed),
        width=Subquery(image.values("width")[:1]),
        height=Subquery(image.values("height")[:1]),
    ).order_by("id")


def _number(query: QueryDict) -> int:
    given = query.get("page", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 5 else 1


def targets_of(subject: Subject, obj: Any, files: Sequence[Attachment]) -> list[Target]:
    """What a return may be pinned to: the subject's own list, else the keys of its files."""
    if subject.targets:
        return list(subject.targets(obj))
    return list({file.key: file.name for file in files}.items())


def pane(files: Sequence[Any], query: QueryDict) -> dict[str, Any]:
    """Variables of `components/evidence.html`; the address names file and page."""
    shown = [file for file in files if file.pages]
    current = next((file for file in shown if file.token == query.get("file")), shown[0] if shown else None)
    listed = [
        {
            "title": file.name,
            "url": _link(query, file),
            "pages": file.pages,
            "seen": file.seen,
            "current": file is current,
        }
        for file in files
    ]
    return {"files": listed, "page": _page(current, shown, query) if current else None}


def _page(file: Any, shown: Sequence[Any], query: QueryDict) -> dict[str, Any]:
    """The shown page of a file with the ways to its neighbours, nearer, and turned.

    `turn` is how many quarters the page is turned to the right, `big` whether it is shown double.
    """
    number = min(max(_number(query), 1), file.pages)
    quarters, big = _quarters(query), query.get("zoom") == "1"
    image = reverse("file-page", args=(file.token, number))
    return {
        "image_url": image,
        "zoom_url": _address(query, file, number, zoom="" if big else "1"),
        "rotate_url": _address(query, file, number, turn=str((quarters + 1) % 4 or "")),
        "original_url": reverse("file", args=(file.token,)),
        "number": number,
        "total": file.pages,
        "turn": quarters,
        "big": big,
        "width": file.width or _WIDTH,
        "height": file.height or _HEIGHT,
        **_neighbours(file, shown, number, query),
    }


def _neighbours(file: Any, shown: Sequence[Any], number: int, query: QueryDict) -> dict[str, Any]:
    """The page before and after; beyond the ends of a file those of its neighbours."""
    at = list(shown).index(file)
    before, after = number > 1, number < file.pages
    found = {"previous_url": "", "next_url": "", "previous_file": not before, "next_file": not after}
    if before or at > 0:
        found["previous_url"] = _address(
            query, *((file, number - 1) if before else (shown[at - 1], shown[at - 1].pages))
        )
    if after or at + 1 < len(shown):
        found["next_url"] = _address(query, *((file, number + 1) if after else (shown[at + 1], 1)))
    return found


def _quarters(query: QueryDict) -> int:
    given = query.get("turn", "")
    return int(given) if given in {"1", "2", "3"} else 0


def _link(query: QueryDict, file: Any) -> str:
    """The file in the pane, or itself when it has no images (an archive, a text)."""
    return _address(query, file, 1) if file.pages else reverse("file", args=(file.token,))


def _address(query: QueryDict, file: Any, page: int, **changes: str) -> str:
    """This page with another file or page; filters of the queue are kept, a turn is of its page alone."""
    changed = query.copy()
    if not changes:
        changed.pop("turn", None)
    changed["file"], changed["page"] = file.token, str(page)
    for name, value in changes.items():
        changed.pop(name, None)
        if value:
            changed[name] = value
    return f"?{changed.urlencode()}"
