import pytest

from ml.serving.doubt import foreign
from ml.serving.text import clean_description, clean_title, compose

CLEANED = {
    "a long tag": (f'<span style="{"a:b;" * 200}">A quiet tale.</span>', "A quiet tale."),
    "no tag, however long": (f"If a <b {'and so ' * 40}> c", f"If a <b {'and so ' * 40}> c"),
    "a long comment": (f"<!--[if mso]>{'<w:x/>' * 200}<![endif]-->A quiet tale.", "A quiet tale."),
    "styles and scripts": ("<style>p {a: b}</style>A <SCRIPT>x()</SCRIPT>tale.", "A tale."),
    "a style that never ends": ("A tale. <style>p More of it.", "A tale. p More of it."),
    "escaped twice": ("&amp;lt;p&amp;gt;It wasn&amp;#x27;t.&amp;lt;/p&amp;gt;", "It wasn't."),
    "styled letters": ("𝗔 𝘁𝗮𝗹𝗲 ｉｎ Ⓒⓐⓟⓢ, and x² more.", "A tale in Caps, and x² more."),
    "a list of other books": (
        "**A quiet tale.**\r\n\r\n----------\r\n\r\nAlso contained in:\r\n\r\n - [Omnibus](/b/1)",
        "A quiet tale.",
    ),
    "links": (
        "A [quiet](https://x.example/q) tale.\n\n([source][1])\n\n [1]: https://x.example/b",
        "A quiet tale.",
    ),
    "markup and entities": ("<p>Cats &amp; <b>dogs</b><br>go out.</p>", "Cats & dogs go out."),
    "a lost space": (
        "Born in 1960.It was a cold year.Snow fell.",
        "Born in 1960. It was a cold year. Snow fell.",
    ),
    "initials stay": (
        "By J.R. Smith of the U.S. Army, Ph.D.",
        "By J.R. Smith of the U.S. Army, Ph.D.",
    ),
    "joined paragraphs": (
        "She left.. Nobody knew?. So he ran.",
        "She left. Nobody knew? So he ran.",
    ),
    "joined italics": (
        "The author of. Dark Water. in a new tale.",
        "The author of Dark Water in a new tale.",
    ),
    "a real ellipsis": ("And then... nothing at all.", "And then... nothing at all."),
    "a site's tail": ("A quiet tale of a village. ...more", "A quiet tale of a village."),
    "a site's tail in brackets": ("A quiet tale. … (MORE) ", "A quiet tale."),
    "a site's other tail": ("A quiet tale. (show less)", "A quiet tale."),
    "a site's tail to fold": ("A quiet tale. ...less", "A quiet tale."),
    "no site's tail": ("They have more, and we have less", "They have more, and we have less"),
    "show more": ("A quiet tale of a village. Show more", "A quiet tale of a village."),
    "a librarian's note": (
        "Librarian's note: See the other edition. Two sisters meet again.",
        "Two sisters meet again.",
    ),
    "an alternate cover": (
        "Alternate cover edition of ISBN 9780000000001 can be found hereTwo sisters meet.",
        "Two sisters meet.",
    ),
    "an alternate cover by ASIN": (
        "This is an alternate cover edition for ASIN B00ABCDEFG. Two sisters meet.",
        "Two sisters meet.",
    ),
    "invisible characters": ("Soft\u200b ware\x00 and \ud800 more", "Soft ware and more"),
    "white space": ("One\n\n two\t three ", "One two three"),
}


@pytest.mark.parametrize(("raw", "clean"), CLEANED.values(), ids=CLEANED.keys())
def test_descriptions_are_cleaned(raw: str, clean: str) -> None:
    assert clean_description(raw) == clean


@pytest.mark.parametrize("piece", ["<!--", "<", "<a b=", "<style>", "[", "**a", "-", "&amp;", "("])
def test_no_text_takes_longer_than_its_length(piece: str) -> None:
    assert len(clean_description(piece * (200_000 // len(piece)) + " The end.")) < 220_000


def test_a_preview_before_the_whole_text_is_dropped() -> None:
    whole = (
        "A lighthouse keeper finds a letter that was never meant for him, and follows it north to "
        "a town that maps forgot."
    )
    assert clean_description(whole[:80] + "… " + whole) == whole


def test_a_refrain_is_no_preview() -> None:
    text = "Row, row, row the long grey boat across the wide and silent lake tonight. " * 2 + "End."
    assert clean_description(text).startswith("Row, row")


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("The River Door (Lock and Key, #2)", "The River Door"),
        ("The River Door (Lock and Key #2.5)", "The River Door"),
        ("Poems (Bilingual Edition)", "Poems (Bilingual Edition)"),
        ("(#1)", "(#1)"),
    ],
)
def test_titles_lose_their_series_and_nothing_else(raw: str, clean: str) -> None:
    assert clean_title(raw) == clean


def test_a_missing_title_leaves_the_blurb_alone() -> None:
    assert compose("", "A tale.") == "A tale."
    assert compose("Door", "A tale.") == "Door: A tale."


def test_styled_letters_are_english() -> None:
    letters = "A young witch and her cat solve the murder of the village baker."
    styled = "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in letters)
    assert clean_description(styled) == letters
    assert foreign(styled) is None
