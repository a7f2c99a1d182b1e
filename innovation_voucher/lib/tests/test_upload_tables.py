"""Every format against every rule, archives and documents part by part, names of any kind."""

import io
import zipfile
from typing import Any

import pytest

from innovation_voucher.lib.tests import files
from innovation_voucher.lib.uploads import Refused, Rule, inspect
from innovation_voucher.lib.uploads.kinds import CONTENT_TYPES, kind_of
from innovation_voucher.lib.uploads.names import clean_name

MB = 1024 * 1024
ACTIVE = "文件里有脚本、宏或嵌入的文件，另存为不带这些内容的文件后再传"
SAMPLES: dict[str, bytes] = {
    "pdf": files.pdf(),
    "jpg": files.picture("JPEG"),
    "png": files.picture("PNG"),
    "bmp": files.picture("BMP"),
    "docx": files.document(),
    "xlsx": files.archive({"xl/workbook.xml": "<workbook/>"}),
    "ofd": files.archive({"OFD.xml": "<OFD/>"}),
    "xml": b"<?xml version='1.0'?><invoice/>",
    "zip": files.archive({"a.pdf": files.pdf()}),
    "doc": files.DOC,
    "rar": files.RAR,
}


def taken(content: bytes, *formats: str, name: str = "合同.pdf") -> Any:
    return inspect(name, io.BytesIO(content), Rule(formats, 5 * MB))


def refusal(content: bytes, *formats: str) -> str:
    with pytest.raises(Refused) as refused:
        taken(content, *formats)
    return str(refused.value)


def names_in(content: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_there_is_a_sample_of_every_format() -> None:
    assert set(SAMPLES) == set(CONTENT_TYPES)


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_file_is_told_by_its_content(kind: str) -> None:
    assert kind_of(SAMPLES[kind]) == kind


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_rule_for_one_format_takes_that_format_and_no_other(kind: str) -> None:
    assert taken(SAMPLES[kind], kind, name="x.exe").kind == ("png" if kind == "bmp" else kind)
    others = [other for other in SAMPLES if other != kind]
    sentences = [refusal(SAMPLES[other], kind) for other in others]
    assert all(sentence.startswith(f"只支持 {kind.upper()}；这份是 ") for sentence in sentences)


@pytest.mark.parametrize("written", ["PDF", "Pdf", "pdf"])
def test_a_rule_may_be_written_in_any_case(written: str) -> None:
    assert Rule((written, "pdf", "JPEG", "jpg"), MB).formats == ("pdf", "jpg")


@pytest.mark.parametrize("content", [b"GIF89a" + b"\0" * 40, b"<svg xmlns='x'/>", b"<html></html>", b"MZ" + b"\0" * 99])
def test_what_no_rule_can_name_is_refused_everywhere(content: bytes) -> None:
    assert refusal(content, *CONTENT_TYPES).startswith("只支持 ")


@pytest.mark.parametrize(
    "part",
    [
        "word/vbaProject.bin",
        "word/VBAPROJECT.BIN",
        "word/vbaData.xml",
        "word/activeX/activeX1.xml",
        "word/embeddings/oleObject1.bin",
    ],
)
def test_a_document_with_a_program_among_its_parts_is_refused(part: str) -> None:
    assert refusal(files.document(**{part: "<a/>"}), "docx") == ACTIVE


@pytest.mark.parametrize("kind", ["attachedTemplate", "oleObject", "frame", "subDocument"])
def test_a_document_that_loads_from_elsewhere_is_refused(kind: str) -> None:
    rel = f'<Relationship Id="r1" Type="http://x/{kind}" Target="http://x.example/a" TargetMode="External"/>'
    content = files.document(**{"word/_rels/more.rels": f"<Relationships>{rel}</Relationships>"})
    assert refusal(content, "docx") == ACTIVE
    inside = files.document(
        **{"word/_rels/more.rels": f"<Relationships>{rel.replace('External', 'Internal')}</Relationships>"}
    )
    assert taken(inside, "docx").kind == "docx"


def test_an_old_document_with_macros_is_refused() -> None:
    assert refusal(files.DOC + "_VBA_PROJECT".encode("utf-16-le"), "doc") == ACTIVE


@pytest.mark.parametrize("litter", ["__MACOSX/._a.pdf", ".DS_Store", "x/Thumbs.db", "desktop.ini"])
def test_what_desktops_add_to_an_archive_is_left_out(litter: str) -> None:
    packed = files.archive({litter: b"junk", "a.pdf": files.pdf()})
    assert names_in(taken(packed, "pdf", "zip").content) == ["a.pdf"]


def test_an_archive_of_litter_alone_is_empty() -> None:
    assert refusal(files.archive({".DS_Store": b"junk"}), "pdf", "zip") == "压缩包是空的，换一份再传"


def test_members_of_one_name_in_several_folders_are_all_kept() -> None:
    packed = files.archive({f"{folder}/合同.pdf": files.pdf(pages=n) for n, folder in enumerate("abc", 1)})
    assert names_in(taken(packed, "pdf", "zip").content) == ["合同.pdf", "合同 (2).pdf", "合同 (3).pdf"]


def test_a_member_gets_the_suffix_of_its_content() -> None:
    packed = files.archive({"扫描.pdf": files.picture("JPEG")})
    assert names_in(taken(packed, "pdf", "jpg", "zip").content) == ["扫描.jpg"]


@pytest.mark.parametrize("name", ["../../a.pdf", "/etc/a.pdf", "C:\\x\\a.pdf", "a/b/c/a.pdf"])
def test_a_member_never_leaves_its_archive(name: str) -> None:
    packed = files.archive({name: files.pdf()})
    assert names_in(taken(packed, "pdf", "zip").content) == ["a.pdf"]


def test_an_archive_alone_takes_documents_and_pictures_and_nothing_else() -> None:
    for kind in ("pdf", "jpg", "png", "docx"):
        packed = taken(files.archive({f"x.{kind}": SAMPLES[kind]}), "zip")
        assert names_in(packed.content) == [f"x.{kind}"]
    for kind in ("xml", "doc", "rar", "zip", "ofd"):
        assert refusal(files.archive({f"x.{kind}": SAMPLES[kind]}), "zip").startswith(f"压缩包里的“x.{kind}”：只支持")


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("合同.docx", "合同.pdf"),
        ("合同.tar.gz", "合同.tar.pdf"),
        ("2026.11.20", "2026.11.20.pdf"),
        ("  合同   终稿  .pdf", "合同 终稿.pdf"),
        ("合同\x00.pdf", "合同.pdf"),
        ("a/b\\c:d.pdf", "c_d.pdf"),
        ("合同（一）【盖章】.pdf", "合同（一）【盖章】.pdf"),
        ("e\u0301tude.pdf", "\u00e9tude.pdf"),
        ("folder/", "附件.pdf"),
        ("CON?.pdf", "CON_.pdf"),
    ],
)
def test_a_name_keeps_what_helps_and_loses_what_harms(name: str, clean: str) -> None:
    assert clean_name(name, "pdf") == clean


def test_a_clean_name_stays_as_it_is() -> None:
    once = clean_name("x/合同: 终稿 v2.final.docx", "pdf")
    assert clean_name(once, "pdf") == once
