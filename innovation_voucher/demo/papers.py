"""Small real files for the demo world: every PDF opens, every picture shows."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from innovation_voucher.lib.pdf import FONTS

PAPER, INK, SEAL = "#f7f4ec", "#222", "#c0392b"
NOTE = "（演示材料，内容均为虚构）"


@cache
def pdf(title: str, *lines: str) -> bytes:
    """A one-page PDF, as a scanner makes it: a heading and lines."""
    image = Image.new("L", (827, 1169), "white")
    draw = ImageDraw.Draw(image)
    draw.text((413, 110), title, fill=0, font=_font(34), anchor="mm")
    for index, line in enumerate((*lines, "", NOTE)):
        draw.text((90, 200 + 46 * index), line, fill=0, font=_font(22))
    out = BytesIO()
    image.save(out, "PDF", resolution=100)
    return out.getvalue()


@cache
def picture(title: str, *lines: str) -> bytes:
    """A small JPEG that looks like a photographed paper."""
    image = Image.new("RGB", (900, 640), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, 30, 870, 610), outline="#9a3b2f", width=4)
    draw.text((450, 80), title, fill=INK, font=_font(40), anchor="mm")
    for index, line in enumerate(lines):
        draw.text((80, 160 + 60 * index), line, fill=INK, font=_font(28))
    draw.ellipse((660, 430, 820, 590), outline=SEAL, width=6)
    draw.text((740, 510), "演示章", fill=SEAL, font=_font(30), anchor="mm")
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "NotoSansSC_400Regular.ttf"), size)
