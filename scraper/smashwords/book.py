"""Reading a book's page: every field with its place, or the reason why there is no book."""

import re

from scraper.errors import MovedError, PageError
from scraper.outcomes import Outcome
from scraper.record import Record
from scraper.smashwords import fields
from scraper.smashwords.addresses import Addresses
from scraper.smashwords.categories import find_categories, ranked_steps, without_repeats
from scraper.smashwords.description import find_description
from scraper.smashwords.labels import Rows
from scraper.smashwords.listing import BOX
from scraper.smashwords.markup import Markup
from scraper.text import squeeze

_GONE = re.compile(
    r"(?:page|book|title|work|item)\b[^.]{0,60}\b(?:not|n't|cannot|could not|never)\b[^.]{0,20}"
    r"\b(?:found|exist|be found|available|located)"
    r"|no longer (?:available|exists|published|for sale|on sale)"
    r"|(?:has|have|was|were) been (?:removed|deleted|unpublished|withdrawn|taken down)"
    r"|not found|no such (?:book|page)|\b404\b|does(?:n't| not) exist|nothing (?:here|to see)"
    r"|(?:could(?:n't| not)|cannot|can't|unable to) find|unavailable|unpublished",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"\b(?:log|sign)[ -]?in\b|\blogin\b|\bmembers? only\b|create an account|please register",
    re.IGNORECASE,
)
_ADULT_FILTER = re.compile(
    r"adult (?:content )?filter|must be (?:at least )?18|18 years (?:of age|or older)|"
    r"(?:confirm|verify) (?:that )?you(?:r age| are)|unsuitable for young readers",
    re.IGNORECASE,
)
_ADULT_NOTICE = re.compile(
    r"contains? (?:content considered unsuitable|adult (?:content|material)|mature content)"
    r"|unsuitable for (?:young )?readers (?:17|under 18|below 18)|adults? only|\b18\+",
    re.IGNORECASE,
)
_ADULT_LABEL = r"adult(?: content)?|mature(?: content)?|(?:content )?rating"
_ADULT_CLASS = re.compile(
    r"(?:adult|mature)(?:-?(?:content|notice|warning|badge|only|book))?|nsfw|age-?restricted",
    re.IGNORECASE,
)
_YES = re.compile(r"yes|true|adult|mature|explicit|18|x\b|r\b", re.IGNORECASE)


def parse_book(text: str, key: str, addresses: Addresses) -> Record:
    """Return what a book's page says.

    Args:
        text: the decoded page.
        key: the key the page was fetched by.
        addresses: tells the site's addresses.

    Raises:
        PageError: `login-wall`, `soft-404`, `adult`, `missing-title`, `missing-description`: the
            page holds no book, or not enough of one.
        MovedError: the page calls itself another book's.
    """
    try:
        return _parse(Markup(text), key, addresses)
    except PageError as error:
        if isinstance(error, MovedError):
            raise
        # lxml stops where elements nest too deep; the slower parser does not.
        return _parse(Markup(text, "html.parser"), key, addresses)


def _parse(markup: Markup, key: str, addresses: Addresses) -> Record:
    record = Record()
    address = addresses.url(key)
    markup.keep_linked_data(
        lambda thing: (
            addresses.book_key(str(thing.get("url") or key), f"{address}/")
            in (*addresses.shapes(key), None)
        )
    )
    above = {id(parent) for parent in markup.heading.parents} if markup.heading else set()
    markup.take_out(tag for tag in markup.with_class(BOX) if id(tag) not in above)
    rows = Rows(markup)
    adult = _says_adult(markup, rows)
    title = fields.find_title(markup)
    author = fields.find_author(markup, rows)
    _refuse_other_book(markup, key, addresses)
    description = find_description(markup)
    rows = Rows(markup)  # again, now that the description is out of the tree
    categories = find_categories(markup, rows)
    language = fields.find_language(markup, rows)
    words = fields.find_words(markup, rows)
    published = fields.find_published(markup, rows)
    has_author = author is not None and author[1] != "profile link"
    facts = bool(categories or language or words or published)
    _refuse_adult_filter(markup, description, has_facts=facts)
    _refuse_no_book(markup, title, description, has_facts=facts or has_author)
    found = {
        "title": title,
        "author": author,
        "description": description,
        "language": language,
        "words": words,
        "published": published,
        "cover": fields.find_cover(markup, addresses.url(key)),
    }
    for name, value in found.items():
        if value is not None:
            setattr(record, name, value[0])
            record.places[name] = value[1]
    if categories:
        record.categories = without_repeats(categories[0])
        record.genres = ranked_steps(categories[0])
        record.places["categories"] = categories[1]
    if tags := fields.find_tags(markup):
        record.tags = tags
        record.places["tags"] = "link"
    record.adult = adult
    return record


def _refuse_other_book(markup: Markup, key: str, addresses: Addresses) -> None:
    """Raise `MovedError` where the page's own address is another book's."""
    for link in (markup.canonical, markup.metas.get("og:url", "")):
        other = addresses.book_key(link, addresses.url(key)) if link else None
        if other and other in addresses.shapes(key):
            return
        if other:
            raise MovedError(other, f"the page calls itself {other}")


def _refuse_adult_filter(
    markup: Markup, description: fields.Found | None, *, has_facts: bool
) -> None:
    """Raise `adult` where the page is the filter itself, whatever its window is titled."""
    if description is not None and not description[1].startswith(("meta", "after")):
        return
    shown = markup.heading.get_text(" ") if markup.heading else ""
    if not has_facts and description is not None:
        shown += f" {description[0][:300]}"
    if _ADULT_FILTER.search(shown.replace("’", "'")):
        raise PageError(Outcome.ADULT, "the page is the site's filter for adult books")


def _refuse_no_book(
    markup: Markup, title: fields.Found | None, description: fields.Found | None, *, has_facts: bool
) -> None:
    """Raise the reason why a page is no book, where it is none."""
    known = description is not None and not description[1].startswith(("meta", "after"))
    from_page = known or (description is not None and description[1] == "after-title" and has_facts)
    if title is not None and from_page and has_facts:
        return
    heading = markup.heading.get_text(" ") if markup.heading else ""
    loud = f"{markup.window_title} {heading}"
    loud = loud.replace("’", "'")
    text = f"{description[0] if description else ''} {markup.text}"[:4000].replace("’", "'")
    if not has_facts or not from_page:
        if _ADULT_FILTER.search(text):
            raise PageError(Outcome.ADULT, "the page is behind the site's filter for adult books")
        asks = markup.soup.find("input", attrs={"type": "password"}) is not None
        if (asks and not from_page) or (_LOGIN.search(loud) and not has_facts):
            raise PageError(Outcome.LOGIN_WALL, "the page asks to log in")
        if _GONE.search(loud) or (not has_facts and _GONE.search(text)):
            raise PageError(
                Outcome.SOFT_404, "the page says that there is no such book, with status 200"
            )
        if not from_page and not has_facts and _LOGIN.search(text) and len(text) < 2000:
            raise PageError(Outcome.LOGIN_WALL, "the page asks to log in")
    bare = title is not None and description is not None and not known and not has_facts
    if bare and description is not None and description[1] == "after-title":
        raise PageError(Outcome.SOFT_404, "nothing on the page is a book's, with status 200")
    if title is None:
        raise PageError(
            Outcome.MISSING_TITLE, "no title in structured data, itemprop, h1 or meta tags"
        )
    if bare or description is None or not squeeze(description[0]):
        raise PageError(
            Outcome.MISSING_DESCRIPTION,
            "no description in structured data, itemprop, known blocks or meta tags",
        )


def _says_adult(markup: Markup, rows: Rows) -> bool:
    rating = markup.metas.get("rating", "")
    if re.search(r"adult|mature|RTA-5042", rating, re.IGNORECASE):
        return True
    marks = [thing.get("isFamilyFriendly") for thing in markup.linked_data]
    marks += [tag.get("content") for tag in markup.by_property.get("isFamilyFriendly", [])]
    if any(str(mark).lower() in ("false", "no", "0") for mark in marks if mark is not None):
        return True
    if any(_YES.match(text) for text in rows.texts(_ADULT_LABEL)):
        return True
    for tag in markup.with_class(_ADULT_CLASS):
        if not tag.find_parent(["header", "aside"]) and tag.name not in ("a", "button", "form"):
            return True
    notices = (tag for tag in markup.with_class(re.compile(r"alert.*|warning|notice|subnote")))
    return any(_ADULT_NOTICE.search(tag.get_text(" ")) for tag in notices)
