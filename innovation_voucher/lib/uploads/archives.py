"""Zip archives: listed with suspicion, packed anew from members that passed by themselves."""

import io
import lzma
import stat
import zipfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext as _

from innovation_voucher.lib.uploads.kinds import BROKEN_ARCHIVE
from innovation_voucher.lib.uploads.refusal import MB, Refused, unreadable

if TYPE_CHECKING:
    from innovation_voucher.lib.uploads.inspection import Inspected

MAX_ENTRIES = 200
MAX_RATIO = 100
MAX_TOTAL = 300 * MB

# What desktops add without being asked.
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def open_archive(content: bytes, *, entries: int = MAX_ENTRIES) -> zipfile.ZipFile:
    """The archive, once its list is harmless; raises Refused.

    A member never yields more than its listed size, so that the list bounds what reading costs.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except BROKEN_ARCHIVE:
        raise unreadable() from None
    if len(members) > entries:
        raise Refused(
            _("压缩包里有 %(actual)d 个文件，最多 %(most)d 个，分开再传") % {"actual": len(members), "most": entries}
        )
    if any(member.flag_bits & 1 for member in members):
        raise unreadable()
    _refuse_bomb(members, len(content))
    return archive


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo | str) -> bytes:
    """One member's bytes; raises Refused when it is damaged or packed in an unknown way."""
    try:
        return archive.read(member)
    except (*BROKEN_ARCHIVE, lzma.LZMAError):
        raise unreadable() from None


def repack(content: bytes, inspect: Callable[[str, BinaryIO], "Inspected"]) -> bytes:
    """A new archive of the inspected members, without folders; equal input gives equal bytes.

    Raises Refused, naming the member, for the first one that does not pass.
    """
    out = io.BytesIO()
    taken: set[str] = set()
    with open_archive(content) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in _files(archive):
            shown = _shown_name(member)
            try:
                passed = inspect(shown, io.BytesIO(read_member(archive, member)))
            except Refused as refusal:
                raise Refused(
                    _("压缩包里的“%(name)s”：%(reason)s") % {"name": shown[-60:], "reason": refusal}
                ) from None
            info = zipfile.ZipInfo(_free_name(passed.name, taken))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, passed.content)
    if not taken:
        raise Refused(_("压缩包是空的，换一份再传"))
    return out.getvalue()


def _refuse_bomb(members: list[zipfile.ZipInfo], size: int) -> None:
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    swollen = any(
        member.file_size > MB and member.file_size > MAX_RATIO * max(member.compress_size, 1) for member in members
    )
    # Members that overlap share packed bytes: together they seem larger than the file.
    if swollen or total > MAX_TOTAL or packed > size:
        raise Refused(_("压缩包解开后过大，去掉压缩或分开再传"))


def _files(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    for member in archive.infolist():
        if stat.S_ISLNK(member.external_attr >> 16):
            raise unreadable()
        if not member.is_dir() and not any(litter in member.filename for litter in _LITTER):
            yield member


def _shown_name(member: zipfile.ZipInfo) -> str:
    """The name; old packers in China wrote GB18030 without saying so."""
    name = member.filename
    if not member.flag_bits & 0x800:
        try:
            return name.encode("cp437").decode("gb18030")
        except UnicodeError:
            return name
    return name


def _free_name(name: str, taken: set[str]) -> str:
    stem, _dot, suffix = name.rpartition(".")
    candidate, n = name, 2
    while candidate.lower() in taken:
        candidate, n = f"{stem} ({n}).{suffix}", n + 1
    taken.add(candidate.lower())
    return candidate
