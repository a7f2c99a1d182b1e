"""Pictures are drawn anew, so that only pixels remain of what came in."""

import io

from django.utils.translation import gettext as _

from innovation_voucher.lib.uploads.refusal import Refused, unreadable

FORMATS = {"jpg": "JPEG", "png": "PNG", "bmp": "BMP"}
# How each format ends. Looked for here, because other libraries of the same process tell Pillow
# to fill up what is cut short.
_ENDS = {"jpg": b"\xff\xd9", "png": b"IEND", "bmp": b""}
# A page of A3 at 400 dpi has 31 million; more is a flood that would fill the memory.
MAX_PIXELS = 50_000_000


def redraw(content: bytes, kind: str) -> tuple[str, bytes]:
    """Kind (jpg, or png for png and bmp) and bytes of the picture: upright, no metadata.

    Raises Refused for a damaged file and for more than 50 million pixels.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415  lazy: slow import

    if _ENDS[kind] not in content:
        raise unreadable()
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as picture:
            _check_size(picture.width, picture.height)
            upright = ImageOps.exif_transpose(picture)
            upright.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, IndexError):
        raise unreadable() from None
    # The palette's transparency is part of the pixels; all else in `info` is metadata.
    upright.info = {k: v for k, v in upright.info.items() if k == "transparency"}
    out = io.BytesIO()
    if kind == "jpg":
        upright.convert("L" if upright.mode == "L" else "RGB").save(out, "JPEG", quality=88)
        return "jpg", out.getvalue()
    upright.save(out, "PNG")
    return "png", out.getvalue()


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _too_large()


def _too_large() -> Refused:
    return Refused(_("图片超过 5,000 万像素，缩小后再传"))
