"""Files that are no covers, sent to the running site; the benchmark sends 200 of them."""

import io
import itertools
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from benchmarks.hostile_files import KINDS
from benchmarks.hostile_images import send
from benchmarks.site import running_site
from ml.hues.decoding_cost import MAX_PARTS, MAX_SCANS, is_laborious
from ml.hues.extract import CoverError, extract_palette

QUICK = ("no image", "cut", "other formats", "disguised", "animated", "modes", "metadata")


def files():
    every = ((kind, name, data) for kind in QUICK for name, data in KINDS[kind]())
    return list(itertools.islice(every, 0, None, 3))


def is_read(data):
    try:
        extract_palette(data)
    except CoverError:
        return False
    return True


def test_the_site_answers_every_file_and_stays_up():
    sent = files()
    assert len(sent) >= 40
    with running_site() as site:
        worker = site.workers()[0].pid
        replies = list(send(site, sent))
        assert site.workers()[0].pid == worker
        assert site.status("/readyz") == 200
    assert [reply.name for reply in replies if not reply.clear] == []
    expected = {name: 200 if is_read(data) else 422 for _, name, data in sent}
    assert {reply.name: reply.status for reply in replies} == expected
    assert set(expected.values()) == {200, 422}


def progressive(scans):
    """A progressive JPEG whose last scan comes that many times."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 96), "teal").save(buffer, "JPEG", progressive=True)
    whole = buffer.getvalue()
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * scans + b"\xff\xd9"


def png(chunks):
    buffer = io.BytesIO()
    Image.new("RGB", (64, 96), "teal").save(buffer, "PNG")
    whole = buffer.getvalue()
    empty = struct.pack(">I4sI", 0, b"prVt", zlib.crc32(b"prVt"))
    return whole[:33] + empty * chunks + whole[33:]


def jpeg(header):
    return progressive(1)[:2] + header + progressive(1)[2:]


@pytest.mark.parametrize(
    "data",
    [
        progressive(MAX_SCANS + 1),
        png(MAX_PARTS + 1),
        jpeg(b"\xff\xfe\x00\x02" * (MAX_PARTS + 1)),
        jpeg(b"\xff" * (MAX_PARTS + 1)),
    ],
    ids=["scans", "chunks", "comments", "padding"],
)
def test_more_parts_than_a_cover_needs_are_refused_before_decoding(data):
    with pytest.raises(CoverError, match="too many parts"):
        extract_palette(data)


@pytest.mark.parametrize("data", [progressive(10), png(100), jpeg(b"\xff\xfe\x00\x02" * 100)])
def test_many_parts_are_still_a_cover(data):
    assert extract_palette(data).colours[0].name == "teal"


def test_noise_and_large_covers_have_few_parts(encode):
    rng = np.random.default_rng(0)
    noise = Image.fromarray(rng.integers(0, 256, (1500, 1500, 3), dtype=np.uint8))
    for form, options in (
        ("PNG", {}),
        ("JPEG", {"quality": 95}),
        ("JPEG", {"quality": 95, "progressive": True}),
        ("WEBP", {}),
    ):
        assert not is_laborious(encode(noise, form, **options))


def test_large_images_with_an_alpha_channel_are_refused(encode):
    layer = Image.new("RGBA", (2500, 2100), (0, 128, 128, 200))
    for form in ("PNG", "WEBP"):
        with pytest.raises(CoverError, match="at most 5 million of a WebP or transparent image"):
            extract_palette(encode(layer, form))
    assert extract_palette(encode(layer.convert("RGB"), "PNG")).colours
