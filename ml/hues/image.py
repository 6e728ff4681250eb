"""Open a cover image that anyone may have made: bounded in bytes, pixels and time, never executed.

Pillow is imported on first use, so that a site nobody uploads to does not carry it.
"""

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ml.errors import InputError
from ml.hues.decoding_cost import is_laborious

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 10_000_000
"""Stores ask for covers of 1.6 to 9 million pixels; decoding holds 4 bytes for each."""
MAX_LAYERED_PIXELS = 5_000_000
"""With an alpha channel decoding holds 8 bytes for each, and of a WebP image 14."""
MIN_SIDE = 16
SIDE = 64
"""Covers are measured at the size the reference covers were: fitted into 64 x 64 pixels."""


class CoverError(InputError):
    """The image cannot be used as a cover; the message says why and what would be right."""


def read_pixels(source: bytes | Path) -> NDArray[np.uint8]:
    """Decode a cover and fit it into 64 x 64 pixels.

    Transparent parts are laid on white, as a shop's page would; CMYK and wide-gamut images are
    taken to sRGB by their own colour profile; 16-bit samples are reduced to 8. Rotation by EXIF is
    not applied, since it changes no colour's area.

    Args:
        source: the file's bytes, or its path.

    Returns:
        [n, 3] sRGB pixels.

    Raises:
        CoverError: the file is missing, too large, damaged, animated or of another format.
    """
    from PIL import Image, UnidentifiedImageError

    data = _bytes(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is checked or refused below.
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                _check(image)
                small = _eight_bits(image)
                small.thumbnail((SIDE, SIDE))
                return np.asarray(_to_srgb(small)).reshape(-1, 3)
    except UnidentifiedImageError as error:
        raise CoverError("This is no JPEG, PNG or WebP image.") from error
    except Image.DecompressionBombError as error:
        raise CoverError(_too_many(MAX_PIXELS)) from error
    except MemoryError as error:
        raise CoverError("The image needs too much memory; save it smaller.") from error
    except CoverError:
        raise
    except Exception as error:  # Decoders raise anything on a crafted file, AssertionError too.
        raise CoverError("The image is damaged or cut short; save it again.") from error


def _bytes(source: bytes | Path) -> bytes:
    if isinstance(source, Path):
        try:
            with source.open("rb") as file:
                source = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise CoverError(f"The file cannot be read ({error.strerror}).") from error
    if not source:
        raise CoverError("The file is empty; choose a JPEG, PNG or WebP image.")
    if len(source) > MAX_BYTES:
        raise CoverError(f"The file is larger than {MAX_BYTES // 1024**2} MB; save it smaller.")
    if is_laborious(source):
        raise CoverError("The image is made of too many parts to be a cover; save it again.")
    return source


def _check(image: "Image") -> None:
    width, height = image.size
    layered = image.format == "WEBP" or image.mode in ("RGBA", "LA")
    most = MAX_LAYERED_PIXELS if layered else MAX_PIXELS
    if width * height > most:
        raise CoverError(_too_many(most, f"{width} × {height}"))
    if min(width, height) < MIN_SIDE:
        raise CoverError(
            f"The image is {width} × {height} pixels; a cover needs {MIN_SIDE} on each side."
        )
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise CoverError("The image is animated; a cover is a single picture.")


def _too_many(most: int, size: str = "") -> str:
    found = f"The image has {size} pixels" if size else "The image has too many pixels"
    kind = " of a WebP or transparent image" if most == MAX_LAYERED_PIXELS else ""
    return f"{found}; at most {most // 10**6} million{kind} can be read. Save it smaller."


def _eight_bits(image: "Image") -> "Image":
    """Reduce 16-bit grey, the one deep mode that Pillow keeps as such, to 8 bits."""
    from PIL import Image

    if not image.mode.startswith("I"):
        return image
    return Image.fromarray((np.asarray(image) // 257).clip(0, 255).astype(np.uint8))


def _to_srgb(image: "Image") -> "Image":
    """Convert any 8-bit mode that the three formats have to RGB."""
    from PIL import Image

    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
    return _by_profile(image) or image.convert("RGB")


def _by_profile(image: "Image") -> "Image | None":
    """Convert by the embedded colour profile; None where it has none that is needed or usable."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK"):
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in (source.profile.profile_description or ""):
            return None
        return ImageCms.profileToProfile(
            image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
