"""Stored pages: each field from each of its known places, and what must not pass for it."""

# ruff: noqa: E501 (pages are easier to read unbroken)

import pytest

from scraper.errors import MovedError, PageError
from scraper.record import Record
from scraper.smashwords.addresses import Addresses
from scraper.smashwords.book import parse_book

KEY = "books/view/12"
BLURB = "A lighthouse keeper hears a second bell. It is ringing from under the sea."


def read(body: str, head: str = "") -> Record:
    """Parse a page with a title and a description, and whatever is being tried."""
    html = (
        f"<html><head><title>Smashwords – The Bell – a book by Ada Hale</title>{head}</head><body>"
        f"<h1>The Bell</h1><div itemprop='description'>{BLURB}</div>{body}</body></html>"
    )
    return parse_book(html, KEY, Addresses())


def book(html: str) -> Record:
    return parse_book(html, KEY, Addresses())


LD = '<script type="application/ld+json">%s</script>'


@pytest.mark.parametrize(
    ("html", "title", "place"),
    [
        (LD % '{"@type": "Book", "name": "Tea &amp; Ash"}', "Tea & Ash", "json-ld"),
        (LD % '{"@graph": [{"@type": ["Book"], "name": "Tea"}]}', "Tea", "json-ld"),
        ("<h1><span itemprop=name>Tea</span></h1>", "Tea", "itemprop"),
        ("<h1>Tea <small>by Ada</small></h1>", "Tea", "h1"),
        ("<div class=left-nav-box><h1>Categories</h1></div><h1>Tea</h1>", "Tea", "h1"),
        ("<h1>Menu</h1><h1 class='mb-0 font-weight-bolder'>Tea</h1>", "Tea", "h1"),
        ("<h1>Tea&nbsp;&amp;&#8201;A&shy;sh&amp;quot;</h1>", 'Tea & Ash"', "h1"),
        (
            "<meta property='og:title' content='Smashwords – Tea – a book by Ada'>",
            "Tea",
            "meta og:title",
        ),
        ("<title>Smashwords — Tea, a novel by Ada</title>", "Tea", "title"),
        (LD % "{broken" + "<h1>Tea</h1>", "Tea", "h1"),
    ],
)
def test_titles(html, title, place):
    record = book(f"{html}<p itemprop=description>{BLURB}</p>")
    assert (record.title, record.places["title"]) == (title, place)


@pytest.mark.parametrize(
    ("html", "author", "place"),
    [
        (LD % '{"@type":"Book","name":"x","author":{"name":"Ada Hale"}}', "Ada Hale", "json-ld"),
        ("<a itemprop=author><span>Ada</span> <span>Hale</span></a>", "Ada Hale", "itemprop"),
        ("<a itemprop=author>Ada</a><a itemprop=author>Ivo</a>", "Ada, Ivo", "itemprop"),
        ("<span class=author>By Ada Hale</span>", "Ada Hale", "class"),
        ("<table><tr><td>Author:</td><td>Ada Hale</td></tr></table>", "Ada Hale", "labelled row"),
        ("<h2><a href='/profile/view/ada'>Ada Hale</a></h2>", "Ada Hale", "profile link"),
        ("", "Ada Hale", "title"),
    ],
)
def test_authors(html, author, place):
    record = read(html)
    assert (record.author, record.places["author"]) == (author, place)


def test_the_author_of_a_review_is_not_the_books():
    record = read(
        "<div itemscope itemtype='http://schema.org/Review'><b itemprop=author>Critic</b></div>"
        "<a itemprop=author>Ada</a>"
    )
    assert record.author == "Ada"


@pytest.mark.parametrize(
    ("html", "text", "place"),
    [
        (f"<div itemprop=description>{BLURB}</div>", BLURB, "itemprop"),
        ("<div itemprop=description><p>One.</p><p>Two<br>lines.</p></div>", "One.\n\nTwo\nlines.", "itemprop"),
        ("<div itemprop=description>One.<br/><br/>Two.</div>", "One.\n\nTwo.", "itemprop"),
        ("<div itemprop=description>A <b>b</b>ig <i>cat</i>, <u>no?</u></div>", "A big cat, no?", "itemprop"),
        (
            "<div itemprop=description>One. T... <a>(more)</a></div>"
            "<div id=longDescription style='display:none'>One. Two. <a>(less)</a></div>",
            "One. Two.",
            "#longDescription",
        ),
        (
            LD % '{"@type":"Book","name":"x","description":"One. Two."}'
            + "<div class=description><p>One.</p><p>Two.</p></div>",
            "One.\n\nTwo.",
            "class",
        ),
        (
            LD % '{"@type":"Book","name":"x","description":"&lt;p&gt;One.&lt;/p&gt;<p>Two.</p>"}',
            "One.\n\nTwo.",
            "json-ld",
        ),
        (f"<div class=row><div class=mt-3><p>{BLURB}</p><p>End.</p></div></div>", f"{BLURB}\n\nEnd.", "after-title"),
        (f"<p>{BLURB}</p><p>End.</p><table><tr><th>Words</th><td>9</td></tr></table>", f"{BLURB}\n\nEnd.", "after-title"),
        (
            "<meta property=og:description content='Short and s…'><div><div>Short and sweet.</div></div>",
            "Short and sweet.",
            "after-title",
        ),
        (f"<meta property=og:description content='{BLURB[:40]}...'>", f"{BLURB[:40]}...", "meta og:description"),
        (
            f"<div itemprop=description>{BLURB}<span style='display:none'>spam</span><script>x()</script>"
            "<!-- note --><span hidden>more spam</span><noscript>no</noscript></div>",
            BLURB,
            "itemprop",
        ),
        (f"<div style='display: none' itemprop=description>{'spam ' * 40}</div><p>{BLURB}</p>", BLURB, "after-title"),
        (f"<div itemprop=description><h3>Description</h3><p>{BLURB}</p></div>", BLURB, "itemprop"),
        ("<div>" * 400 + f"<div itemprop=description>{BLURB}</div>" + "</div>" * 400, BLURB, "itemprop"),
        (f"<div itemprop=description>{BLURB}", BLURB, "itemprop"),
        (f"<div itemprop=description>{BLURB[:40]}<span>...</span><span class=rest style='display:none'>{BLURB[40:]}"
         "</span><a>Read more</a></div>", BLURB, "itemprop"),
        (f"<div itemprop=description><span>{BLURB[:50]}</span><span>...</span><span class=full-text "
         f"style='display:none'>{BLURB}</span><a>more</a></div>", BLURB, "itemprop"),
        (f"<div>A tale of the sea, told in twenty short and salty chapters</div><p>{BLURB}</p>", BLURB, "after-title"),
        (LD % '[{"@type":"Book","url":"/books/view/99","description":"Other."}]'
         + f"<p itemprop=description>{BLURB}</p>", BLURB, "itemprop"),
    ],
)  # fmt: skip
def test_descriptions(html, text, place):
    record = book(f"<html><body><h1>The Bell</h1><a itemprop=author>Ada</a>{html}")
    assert (record.description, record.places["description"]) == (text, place)


PATHS = [["Fiction", "Romance", "Paranormal"], ["Fiction", "Humor & comedy"]]


@pytest.mark.parametrize(
    "html",
    [
        "<div class=category><a>Fiction</a>&nbsp;»&nbsp;<a>Romance</a>&nbsp;»&nbsp;<a>Paranormal</a></div>"
        "<div class=category><a>Fiction</a> » <a>Humor &amp; comedy</a></div>"
        "<div class=category><a>fiction</a> » <a>romance</a> » <a>paranormal</a></div>",
        "<p class=category>Fiction » Romance » Paranormal</p><p class=category>Fiction » Humor &amp; comedy</p>",
        "<p>Categories: <a>Fiction</a> » <a>Romance</a> » <a>Paranormal</a><br>"
        "<a>Fiction</a> » <a>Humor &amp; comedy</a><br><b>Tags:</b> <a>not this</a></p>",
        "<table><tr><td>Categories</td><td><span><a>Fiction</a></span> » <span><a>Romance</a></span> » "
        "<span><a>Paranormal</a></span><br><span><a>Fiction</a></span> » <span><a>Humor &amp; comedy</a>"
        "</span></td></tr><tr><td>Formats</td><td><a>epub</a></td></tr></table>",
        "<table><tr><th>Categories</th><td><a>Fiction</a> » <a>Romance</a> » <a>Paranormal</a> "
        "<a>Fiction</a> » <a>Humor &amp; comedy</a></td></tr><tr><th>x</th><td><a>no</a></td></tr></table>",
        "<dl><dt>Category</dt><dd><a>Fiction</a> &gt; <a>Romance</a> &gt; <a>Paranormal</a></dd>"
        "<dd><a>Fiction</a> &gt; <a>Humor &amp; comedy</a></dd><dt>Formats</dt><dd><a>epub</a></dd></dl>",
        "<div class=categories><ul><li><a>Fiction</a> › <a>Romance</a> › <a>Paranormal</a></li>"
        "<li><a>Fiction</a> › <a>Humor &amp; comedy</a></li></ul></div>",
        "<div class=row><div class=label>Categories</div><div><span><a>Fiction</a> » <a>Romance</a> » "
        "<a>Paranormal</a></span><br><span><a>Fiction</a> » <a>Humor &amp; comedy</a></span></div></div>"
        "<div class=row><div class=label>Formats</div><div><a>epub</a></div></div>",
        "<span itemprop=genre>Fiction » Romance » Paranormal</span>"
        "<meta itemprop=genre content='Fiction » Humor &amp; comedy'>",
        LD % '{"@type":"Book","name":"The Bell","genre":["Fiction » Romance » Paranormal",'
        '"Fiction » Humor &amp; comedy"]}',
    ],
)  # fmt: skip
def test_categories(html):
    assert read(html).categories == PATHS


def test_genres_are_steps_by_frequency_as_the_original_counted_them():
    record = read(
        "<p class=category>Nonfiction » Health</p><p class=category>Nonfiction » Cooking</p>"
        "<p class=category>Nonfiction » Cooking</p>"
    )
    assert record.genres == ["Nonfiction", "Cooking", "Health"]
    assert record.categories == [["Nonfiction", "Health"], ["Nonfiction", "Cooking"]]


@pytest.mark.parametrize(
    "html",
    [
        "<div class=subnote><span>Words: 12,340.</span> <span>Language: English.</span> "
        "<span>Published: June 3, 2014</span></div>",
        "<div class=subnote>Price: Free! Words: 12,340. Language: English. Published: Jun. 3, 2014.</div>",
        "<table><tr><th>Words</th><td>12,340 (approximate)</td></tr><tr><th>Language</th><td>English</td>"
        "</tr><tr><th>Published</th><td>3 June 2014</td></tr></table>",
        "<dl><dt>Word count:</dt><dd>12 340</dd><dt>Language:</dt><dd><a>English</a></dd>"
        "<dt>Publication date:</dt><dd><time>2014-06-03</time></dd></dl>",
        "<ul><li><b>Words:</b> 12.340</li><li><b>Language:</b> English</li>"
        "<li><strong>Published</strong>: June 3rd, 2014</li></ul>",
        "<div><span>Words</span>: <span>12340</span></div><div><span>Language</span>: <span>English</span>"
        "</div><div><span>Published</span>: <span>2014-06-03T10:00:00Z</span></div>",
        "<meta itemprop=wordCount content=12340><span itemprop=inLanguage content=en>Anglais</span>"
        "<time itemprop=datePublished datetime=2014-06-03>long ago</time>",
        LD % '{"@type":"Book","name":"The Bell","wordCount":12340,"inLanguage":"en-US",'
        '"datePublished":"2014-06-03"}',
    ],
)  # fmt: skip
def test_words_language_and_date(html):
    record = read(html)
    assert (record.words, record.language, record.published) == (12340, "English", "2014-06-03")


def test_labels_inside_the_description_are_prose():
    html = (
        "<h1>The Bell</h1><div itemprop=description>Language: a lie. Words: 3 of them. Published: never."
        "</div><div>Language: French</div>"
    )
    record = book(html)
    assert (record.language, record.words, record.published) == ("French", None, None)


def test_a_part_of_a_date_stays_a_part():
    assert read("<p>Published: June 2014</p>").published == "2014-06"
    assert read("<p>Published: 2014</p>").published == "2014"


@pytest.mark.parametrize(
    ("html", "cover"),
    [
        ("<meta property=og:image content='//cdn.example/bookCovers/12.jpg'>", "https://cdn.example/bookCovers/12.jpg"),
        ("<meta property=og:image content='/static/swlogo.png'><img class='book-cover x' src='a.jpg'>",
         "https://www.smashwords.com/books/view/a.jpg"),
        ("<img class=book-cover src='data:image/gif;base64,x' data-src='/bookCovers/1.jpg'>",
         "https://www.smashwords.com/bookCovers/1.jpg"),
        ("<img src='/x.png'><img src='/bookCovers/7.jpg'>", "https://www.smashwords.com/bookCovers/7.jpg"),
        ("<img class=book-cover src='/images/no_cover.png'>", None),
    ],
)  # fmt: skip
def test_covers(html, cover):
    assert read(html).cover == cover


def test_tags_each_once_and_only_the_books_own():
    record = read(
        "<a href='/books/tags/sea'>sea</a><a href='/books/tags/Sea'>Sea</a><a href='/books/tags/x'>x y</a>"
        "<footer><a href='/books/tags/all'>all</a></footer>"
    )
    assert record.tags == ["sea", "x y"]


@pytest.mark.parametrize(
    ("html", "adult"),
    [
        ("<meta name=rating content=adult>", True),
        ("<p>Adult content: Yes</p>", True),
        ("<div class='alert alert-warning'>This book contains content considered unsuitable for "
         "young readers 17 and under.</div>", True),
        (LD % '{"@type":"Book","name":"The Bell","isFamilyFriendly":false}', True),
        ("<nav><li class=adult-control><a id=adultToggle>Adult Content: off</a></li></nav>", False),
        ("<p class=category>Fiction » Young adult or teen</p>", False),
        ("<p>Adult content: No</p>", False),
    ],
)  # fmt: skip
def test_adult_marks(html, adult):
    assert read(html).adult is adult


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<title>404</title><h1>Page not found</h1>", "soft-404"),
        ("<title>Smashwords</title><h1>Oops</h1><p>This book has been unpublished by its author.", "soft-404"),
        ("<meta property=og:description content='Ebooks from independent authors'><h1>Not available</h1>"
         "<p>The book you are looking for does not exist.", "soft-404"),
        ("<h1>We'll be right back</h1><p>The shop is down for maintenance. Please try again soon.", "soft-404"),
        ("<h1>Sorry</h1><div class=library-book><a class=library-title href=/books/view/9>Another</a>"
         f"<i itemprop=author>X</i><div class=description>{BLURB}</div></div>", "missing-description"),
        (f"<meta property=og:description content='{BLURB}'><h1>Sorry</h1>", "missing-description"),
        ("<h1>Sign in</h1><form><input type=password></form>", "login-wall"),
        ("<h1>The Bell</h1><p>You must log in to see this book.", "login-wall"),
        ("<h1>The Bell</h1><p>Hidden by the adult content filter.", "adult"),
        ("<h1>The Bell</h1><a itemprop=author>Ada</a><p class=category>Fiction</p>", "missing-description"),
        (f"<a itemprop=author>Ada</a><p itemprop=description>{BLURB}", "missing-title"),
        ("<h1> </h1>", "missing-title"),
    ],
)  # fmt: skip
def test_pages_that_are_no_book_say_why(html, reason):
    with pytest.raises(PageError) as caught:
        book(html)
    assert caught.value.reason == reason


@pytest.mark.parametrize("title", ["404", "Not Found", "Sign In", "The Book That Does Not Exist"])
def test_a_book_may_have_a_strange_title(title):
    record = book(
        f"<title>{title}</title><h1>{title}</h1><a itemprop=author>Ada</a>"
        f"<div itemprop=description>{BLURB}</div><form><input type=password></form>"
    )
    assert record.title == title


def test_another_books_page_is_recognised():
    with pytest.raises(MovedError) as caught:
        read("", head="<link rel=canonical href='https://www.smashwords.com/books/view/99'>")
    assert caught.value.key == "books/view/99"
