"""QR codes are read back from what we draw and from photos."""

import io
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image, ImageOps

from innovation_voucher.lib.pdf import page_images, render_html
from innovation_voucher.lib.qr import decode, png, svg

ADDRESS = "https://vouchers.example.gov/q/7K3M9QTX2B8F/abcdefghijklmnopqrstuv"


def photo(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def test_a_drawn_code_is_read_back():
    assert decode(png(ADDRESS)) == ADDRESS
    assert decode(png(ADDRESS, box=3)) == ADDRESS


@given(
    st.text(
        st.characters(min_codepoint=33, max_codepoint=0x9FFF, exclude_categories=["Cs", "Cn"]), min_size=1, max_size=60
    )
)
@settings(max_examples=20, deadline=None)
def test_any_text_is_read_back(text):
    assert decode(png(text, box=4)) == text


def test_the_address_of_a_voucher_fits_version_five_with_its_quiet_zone():
    image = Image.open(io.BytesIO(png(ADDRESS, box=1)))
    assert image.size == (37 + 8, 37 + 8)
    inner = ImageOps.crop(image, 4)
    assert ImageOps.invert(image.convert("L")).getbbox() == (4, 4, 41, 41)
    assert inner.getpixel((0, 0)) == 0


def test_a_longer_text_gets_a_larger_code():
    assert Image.open(io.BytesIO(png("x" * 300, box=1))).width > 45
    assert decode(png("x" * 300)) == "x" * 300


def test_the_svg_stands_in_a_page_under_a_strict_policy():
    drawn = svg(ADDRESS)
    root = ET.fromstring(drawn)
    assert drawn.startswith("<svg")
    assert root.get("viewBox") == "0 0 45 45"
    assert not re.search(r"style|script|\bid=|\bon\w+=|href", drawn)
    assert {child.tag.partition("}")[2] for child in root} == {"rect", "path"}


def test_the_svg_is_read_from_a_printed_page():
    sheet = render_html(f"<style>svg{{width:40mm;height:40mm}}</style><p>创新券</p>{svg(ADDRESS)}")
    assert decode(page_images(sheet, dpi=110)[0]) == ADDRESS


@pytest.mark.parametrize("degrees", [0, 90, 180, 7])
def test_a_turned_photo_in_colour_is_read(degrees):
    image = Image.open(io.BytesIO(png(ADDRESS))).convert("RGB")
    turned = image.rotate(degrees, expand=True, fillcolor="white")
    assert decode(photo(turned, quality=70)) == ADDRESS


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n"]
)
def test_what_is_no_photo_gives_none(data):
    assert decode(data) is None


def test_a_photo_without_a_code_or_cut_short_gives_none():
    assert decode(photo(Image.new("RGB", (300, 300), "white"))) is None
    assert decode(png(ADDRESS)[:200]) is None


@pytest.mark.parametrize("side", [7000, 11000, 14000])
def test_a_flood_of_pixels_is_not_opened(side):
    assert decode(photo(Image.new("1", (side, side), 1), "PNG")) is None
