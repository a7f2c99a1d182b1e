"""Files are told by content, cleaned, and refused with a sentence."""

import hashlib
import io
import zipfile

import pikepdf
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from innovation_voucher.lib.tests import files
from innovation_voucher.lib.uploads import Refused, Rule, inspect
from innovation_voucher.lib.uploads.kinds import CONTENT_TYPES

MB = 1024 * 1024
ANY = Rule(tuple(CONTENT_TYPES), 5 * MB)
PDF = Rule(("pdf",), 5 * MB)
UNREADABLE = "文件打不开或有密码，去掉密码后再传"
ACTIVE = "文件里有脚本、宏或嵌入的文件，另存为不带这些内容的文件后再传"


def check(content, rule=ANY, name="合同.pdf"):
    return inspect(name, io.BytesIO(content), rule)


def refusal(content, rule=ANY, name="合同.pdf"):
    with pytest.raises(Refused) as caught:
        check(content, rule, name)
    return str(caught.value)


CLEAN = [
    ("pdf", files.pdf(pages=3), 3),
    ("jpg", files.picture("JPEG"), 1),
    ("png", files.picture(), 1),
    ("docx", files.document(), None),
    ("xml", "<?xml version='1.0' encoding='UTF-8'?><发票 号码='1'/>".encode(), None),
    ("ofd", files.archive({"OFD.xml": "<?xml version='1.0'?><OFD/>"}), None),
    ("xlsx", files.archive({"xl/workbook.xml": "<workbook/>"}), None),
    ("doc", files.DOC, None),
    ("rar", files.RAR, None),
    ("zip", files.archive({"a.pdf": files.pdf()}), None),
]


@pytest.mark.parametrize(("kind", "content", "pages"), CLEAN)
def test_a_clean_file_is_taken_whatever_its_name(kind, content, pages):
    found = check(content, name="名称.exe")
    assert (found.name, found.kind, found.pages) == (f"名称.{kind}", kind, pages)
    assert found.size == len(found.content)
    assert found.sha256 == hashlib.sha256(found.content).hexdigest()
    assert found.content_type == CONTENT_TYPES[kind]


@pytest.mark.parametrize(("kind", "content", "pages"), CLEAN)
def test_equal_files_stay_equal_and_pass_again(kind, content, pages):
    once = check(content)
    assert check(content) == once
    assert check(once.content).kind == kind


def test_an_untouched_pdf_keeps_its_bytes():
    content = files.pdf()
    assert check(content).content == content


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("docx", files.document()),
        ("png", files.picture()),
        ("zip", files.archive({"a.pdf": b"x"})),
        ("html", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("html", b"\xef\xbb\xbf \n<ScRiPt>alert(1)</script>"),
        ("svg", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
        ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("gif", files.picture("GIF")),
        ("elf", b"\x7fELF" + b"\0" * 60),
        ("exe", b"MZ" + b"\0" * 60),
        ("ole", files.OLE),
    ],
)
def test_a_pretender_is_named_for_what_it_is(kind, content):
    sentence = f"只支持 PDF；这份是 {kind}，另存为 PDF 后再传"
    assert refusal(content, PDF, "发票.pdf") == sentence


def test_the_sentence_lists_what_is_taken():
    rule = Rule(("pdf", "JPEG", "jpg"), MB)
    assert rule.formats == ("pdf", "jpg")
    assert refusal(b"just text", rule) == "只支持 PDF、JPG；这份认不出格式，换一份再传"
    wanted = "只支持 PDF、JPG；这份是 png，换成其中一种格式后再传"
    assert refusal(files.picture(), rule) == wanted


@pytest.mark.parametrize("kind", ["doc", "rar", "zip", "bmp"])
def test_what_the_rule_does_not_name_is_refused(kind):
    contents = {**{name: content for name, content, _ in CLEAN}, "bmp": files.picture("BMP")}
    rule = Rule(("pdf", "jpg", "png", "docx"), MB)
    assert f"这份是 {kind}，" in refusal(contents[kind], rule)


def test_a_rule_names_known_formats_only():
    with pytest.raises(ValueError, match="svg"):
        Rule(("pdf", "svg"), MB)


class Endless(io.RawIOBase):
    """A stream that lies about nothing and gives what it has in small bites."""

    def __init__(self, size):
        self.left = size

    def readable(self):
        return True

    def read(self, size=-1):
        given = min(self.left, 1000 if size < 0 else size)
        self.left -= given
        return b"%PDF-"[:given] + b"0" * (given - 5) if given else b""


@pytest.mark.parametrize(
    ("limit", "size", "sentence"),
    [
        (50 * MB, 62 * MB + 1, "文件超过 50 MB（这份 63 MB），压缩后再传"),
        (5 * MB, 5 * MB + 1, "文件超过 5 MB（这份 6 MB），压缩后再传"),
        (500 * 1024, 600 * 1024, "文件超过 500 KB（这份 600 KB），压缩后再传"),
        (100, 101, "文件超过 100 字节（这份 101 字节），压缩后再传"),
    ],
)
def test_size_is_measured_while_reading(limit, size, sentence):
    with pytest.raises(Refused) as caught:
        inspect("大.pdf", Endless(size), Rule(("pdf",), limit))
    assert str(caught.value) == sentence


def test_a_file_that_must_be_smaller_is_refused_at_the_limit_with_the_limit_in_words():
    rule = Rule(("pdf",), MB, below=True)
    with pytest.raises(Refused) as caught:
        inspect("大.pdf", Endless(MB), rule)
    assert str(caught.value) == "文件要小于 1 MB（这份 1 MB），压缩后再传"
    content = files.pdf()
    assert refusal(content, Rule(("pdf",), len(content), below=True)).startswith("文件要小于")
    assert check(content, Rule(("pdf",), len(content) + 1, below=True)).size == len(content)


def test_a_file_at_the_limit_is_taken_and_an_empty_one_is_not():
    content = files.pdf()
    assert check(content, Rule(("pdf",), len(content))).size == len(content)
    assert refusal(b"") == "文件是空的，换一份再传"


@pytest.mark.parametrize(
    "content",
    [
        files.pdf(encryption=pikepdf.Encryption(user="geheim", owner="geheim")),
        files.pdf(encryption=pikepdf.Encryption(user="", owner="geheim")),
        files.pdf(pages=0),
        b"%PDF-1.7",
        b"%PDF-1.4\n<script>alert(1)</script>",
        b"%PDF-1.7\n" + files.picture(),
        files.pdf()[:60],
        files.picture()[:60],
        files.picture("JPEG")[:200],
        b"BM" + b"\xff" * 100,
        b"PK\x03\x04" + b"\0" * 50,
        files.document()[:5000],
    ],
)
def test_what_cannot_be_opened_is_refused(content):
    assert refusal(content) == UNREADABLE


@pytest.mark.parametrize("change", files.ACTIVE_PDFS.values(), ids=files.ACTIVE_PDFS)
def test_a_pdf_that_acts_loses_it_or_is_refused(change):
    hostile = files.pdf(change, pages=2)
    assert b"EVIL" in everything(hostile)
    found = check(hostile)
    assert found.pages == 2
    assert b"EVIL" not in everything(found.content)
    assert check(found.content, Rule(("pdf",), MB, strict=True)).content == found.content
    assert refusal(hostile, Rule(("pdf",), MB, strict=True)) == ACTIVE


def everything(content):
    """All objects of a PDF as text, with their streams."""
    with pikepdf.open(io.BytesIO(content)) as document:
        parts = [item.unparse(resolved=True) for item in document.objects]
        parts += [i.read_bytes() for i in document.objects if isinstance(i, pikepdf.Stream)]
        return b"\n".join(parts)


def test_harmless_parts_with_alarming_names_stay():
    def change(document):
        fonts = pikepdf.Dictionary(AA=pikepdf.Dictionary(Type=pikepdf.Name.Font, X="KEPT"))
        document.pages[0].Resources = pikepdf.Dictionary(Font=fonts)
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org/KEPT")
        files.add_note(document, Subtype=pikepdf.Name.Link, A=link)

    content = files.pdf(change)
    assert check(content, Rule(("pdf",), MB, strict=True)).content == content


def test_a_second_file_behind_a_pdf_is_cut_off():
    tail = files.archive({"evil.html": "<script>EVIL</script>"})
    found = check(files.pdf() + tail)
    assert b"PK\x03\x04" not in found.content
    assert found.pages == 1


@pytest.mark.parametrize(("kind", "saved"), [("JPEG", "jpg"), ("PNG", "png"), ("BMP", "png")])
@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P"])
def test_pictures_are_drawn_anew(kind, saved, mode):
    if (kind, mode) == ("JPEG", "P"):
        mode = "CMYK"
    found = check(files.picture(kind, mode=mode, color=0) + b"<script>EVIL</script>")
    assert found.kind == saved
    assert b"EVIL" not in found.content
    assert Image.open(io.BytesIO(found.content)).size == (30, 20)


def test_a_photo_is_turned_upright_and_forgets_where_it_was_taken():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "EVIL place"
    found = check(files.picture("JPEG", exif=exif, comment=b"EVIL comment"))
    photo = Image.open(io.BytesIO(found.content))
    assert photo.size == (20, 30)
    assert not photo.getexif()
    assert b"EVIL" not in found.content


def test_transparency_survives():
    found = check(files.picture(mode="RGBA", color=(255, 0, 0, 0)))
    assert Image.open(io.BytesIO(found.content)).getpixel((0, 0)) == (255, 0, 0, 0)


@pytest.mark.parametrize("side", [7100, 10000, 14000])
@pytest.mark.parametrize("kind", ["PNG", "BMP"])
def test_a_flood_of_pixels_is_refused(kind, side):
    flood = files.picture(kind, size=(side, side), mode="1", color=0)
    assert refusal(flood, Rule(("png", "bmp"), 50 * MB)) == "图片超过 5,000 万像素，缩小后再传"


OUTSIDE = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://example.org/relationships/{kind}" '
    'Target="http://evil.example/x" TargetMode="External"/></Relationships>'
)
DOCTYPE = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'


@pytest.mark.parametrize(
    "parts",
    [
        {"word__vbaProject.bin": b"x"},
        {"word__embeddings__oleObject1.bin": b"x"},
        {"word__activeX__activeX1.xml": "<a/>"},
        {"word___rels__settings.xml.rels": OUTSIDE.format(kind="attachedTemplate")},
        {"word___rels__other.xml.rels": OUTSIDE.format(kind="oleObject")},
        {"customXml__item9.xml": DOCTYPE},
    ],
)
def test_a_document_with_programs_is_refused(parts):
    assert refusal(files.document(**parts)) == ACTIVE


def test_a_link_in_a_document_is_harmless():
    linked = files.document(**{"word___rels__x.xml.rels": OUTSIDE.format(kind="hyperlink")})
    assert check(linked).content == linked


def test_macros_announced_in_the_list_of_parts_are_refused():
    kinds = '<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled"/></Types>'
    parts = {"[Content_Types].xml": kinds, "word/document.xml": "<a/>"}
    assert refusal(files.archive(parts)) == ACTIVE
    assert refusal(files.DOC + "_VBA_PROJECT".encode("utf-16-le")) == ACTIVE


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("<?xml version='1.0'?>" + DOCTYPE, ACTIVE),
        ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bb'>]><a>&b;</a>", ACTIVE),
        ("<?xml version='1.0'?><a>", UNREADABLE),
        ("<?xml version='1.0' encoding='nonsense'?><a/>", UNREADABLE),
    ],
)
def test_xml_with_entities_or_errors_is_refused(content, sentence):
    assert refusal(content.encode()) == sentence
    assert refusal(files.archive({"OFD.xml": content})) == sentence


def test_an_archive_is_packed_anew_from_clean_members():
    packed = files.archive(
        [
            ("合同/甲.pdf", files.pdf(files.ACTIVE_PDFS["opening script"])),
            ("../../etc/甲.pdf", files.pdf()),
            ("C:\\图\\a.bmp", files.picture("BMP")),
            ("__MACOSX/._甲.pdf", b"litter"),
            ("folder/", b""),
        ]
    )
    found = check(packed)
    with zipfile.ZipFile(io.BytesIO(found.content)) as archive:
        assert archive.namelist() == ["甲.pdf", "甲 (2).pdf", "a.png"]
        assert b"EVIL" not in everything(archive.read("甲.pdf"))


def test_names_of_old_packers_are_read():
    packed = bytearray(files.archive({"ABCD.pdf": files.pdf()}))
    packed = packed.replace(b"ABCD.pdf", "发票".encode("gb18030") + b".pdf")
    found = check(bytes(packed))
    assert zipfile.ZipFile(io.BytesIO(found.content)).namelist() == ["发票.pdf"]


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"b.zip": files.archive({"a.pdf": files.pdf()})}, "压缩包里的“b.zip”：只支持"),
        ({"b.rar": files.RAR}, "压缩包里的“b.rar”：只支持"),
        ({"x/发票.pdf": b"MZ" + b"\0" * 99}, "压缩包里的“x/发票.pdf”：只支持"),
        ({"a.pdf": b"%PDF-1.7"}, f"压缩包里的“a.pdf”：{UNREADABLE}"),
        ({"a.docx": files.document(word__vbaProject="")}, "压缩包里的“a.docx”：只支持"),
        ({f"{n}.pdf": b"x" for n in range(201)}, "压缩包里有 201 个文件，最多 200 个，分开再传"),
        ({"bomb.pdf": b"%PDF-" + b"\0" * 20 * MB}, "压缩包解开后过大，去掉压缩或分开再传"),
        ({}, UNREADABLE),
        ({"folder/": b""}, "压缩包是空的，换一份再传"),
    ],
)  # fmt: skip
def test_an_archive_that_hides_something_is_refused(members, sentence):
    rule = Rule(("pdf", "zip", "rar"), 50 * MB)
    if not members:
        assert "认不出格式" in refusal(files.archive(members), rule)
        return
    assert refusal(files.archive(members), rule).startswith(sentence)


def test_members_obey_the_size_limit():
    packed = files.archive({"a.pdf": b"%PDF-" + bytes(range(256)) * 30})
    sentence = refusal(packed, Rule(("pdf", "zip"), len(packed)))
    assert sentence.startswith("压缩包里的“a.pdf”：文件超过")


def test_overlapping_and_locked_members_are_refused():
    packed = bytearray(files.archive({"a.pdf": files.pdf()}))
    central = packed.rindex(b"PK\x01\x02")
    swollen = bytearray(packed)
    swollen[central + 20 : central + 24] = (len(packed) + 1).to_bytes(4, "little")
    assert refusal(bytes(swollen)) == "压缩包解开后过大，去掉压缩或分开再传"
    locked = bytearray(packed)
    locked[central + 8] |= 1
    assert refusal(bytes(locked)) == UNREADABLE
    unknown = bytearray(packed)
    unknown[central + 10] = 99
    assert refusal(bytes(unknown)) == f"压缩包里的“a.pdf”：{UNREADABLE}"


def test_a_link_in_an_archive_is_refused():
    link = zipfile.ZipInfo("a.pdf")
    link.external_attr = 0o120777 << 16
    assert refusal(files.archive([(link, b"/etc/passwd")])) == UNREADABLE


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("C:\\Users\\me\\合同.PDF", "合同.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("合同\u202efdp.exe", "合同 fdp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ("合同 v1.2", "合同 v1.2.pdf"),
        ('<b>"x"|?*.jpeg', "_b__x____.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("", "附件.pdf"),
        ("...", "附件.pdf"),
        ("\u200b.pdf", "附件.pdf"),
        ("长" * 300 + ".pdf", "长" * 100 + ".pdf"),
    ],
)
def test_names_are_made_harmless(name, clean):
    assert check(files.pdf(), name=name).name == clean


SEEDS = [content for _, content, _ in CLEAN]


@given(st.sampled_from(SEEDS), st.integers(0, 5000), st.binary(min_size=1, max_size=40))
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_taken_or_refused_and_never_an_error(content, at, noise):
    at %= len(content)
    damaged = content[:at] + noise + content[at + len(noise) :]
    try:
        found = check(damaged)
    except Refused as refused:
        sentence = str(refused)
        assert sentence.endswith("再传")
    else:
        assert found.kind in CONTENT_TYPES
