"""The test shop's pages in the two known generations of the site's markup."""

from calendar import month_abbr, month_name
from html import escape

from tests.scraper.shop_books import ShopBook

_NBSP_ARROW = "&nbsp;&raquo;&nbsp;"

_SIDEBAR = """
<div class="leftSideBox hidden-xs"><div class="well">Words Published:
<span class="label">17,008,659,755</span></div>
<div class="left-nav-box"><h1>Categories</h1><ul>
<li><a href="/books/category/892">Adventure</a></li>
<li><a href="/books/category/59">Erotica</a></li>
</ul></div>
<div class="left-nav-box"><h1>Publish</h1><ul>
<li><a href="/books/view/52">Style Guide</a></li></ul></div></div>"""

_NAV = """
<nav><ul><li><a href="/">Home</a></li><li class="adult-control"><a class="btn" id="adultToggle"
title="Currently hiding all adult content in book lists and search results.">Adult Content:
<i class="icon-ban-circle"></i></a></li><li><a href="/auth">Sign In</a></li></ul></nav>"""


def old_book(book: ShopBook, base: str) -> str:
    """A book page of the older generation: microdata, subnotes, a long text behind "more"."""
    year, month, day = book.published
    paths = "".join(
        f'<div class="category">{_NBSP_ARROW.join(_link(step) for step in path)}</div>'
        for path in [*book.categories, book.categories[0]]  # the real pages repeat them too
    )
    short = escape(book.description[:40]) + "... <a href='#'>(more)</a>"
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Smashwords &ndash; {escape(book.title)} &mdash; a book by {escape(book.author)}</title>
<meta name="Author" content="[Smashwords, Inc.]">
<meta property="og:title" content="{escape(book.title)}">
<meta property="og:description" content="{escape(book.description[:60])}...">
<meta property="og:image" content="{base}/bookCovers/{book.number}.png">
<link rel="canonical" href="https://www.smashwords.com/books/view/{book.number}">
<script>document.write("<h1>Not this title</h1>")</script></head><body>{_NAV}{_SIDEBAR}
<div id="contentArea"><div itemscope itemtype="http://schema.org/Book">
<h1 itemprop="name">{escape(book.title)}</h1>
By <a href="/profile/view/x{book.number}" itemprop="author">{escape(book.author)}</a>
<div id="shortDescription" itemprop="description">{short}</div>
<div id="longDescription" style="display: none">{_old_text(book)} <a href="#">(less)</a></div>
<div class="subnote"><span>Words: {book.words:,}.</span> <span>Language: {book.language}.</span>
<span>Published: {month_abbr[month]}. {day}, {year}</span></div>
{paths}
<div>Tags: {" ".join(_tag(tag) for tag in book.tags)}</div></div>
<div class="reviews"><div itemprop="review" itemscope itemtype="http://schema.org/Review">
<span itemprop="author">A. Reader</span><p itemprop="description">Could not put it down, nor find
my glasses afterwards. A long review that is no description of the book at all.</p></div></div>
<div class="also-bought"><a href="/books/view/999001">Another book</a>
<a href="/books/tags/wrong_tag">wrong tag</a></div></div></body></html>"""


def new_book(book: ShopBook, base: str) -> str:
    """A book page of the newer generation: Bootstrap classes and a table of labelled rows."""
    year, month, day = book.published
    text = "".join(f"<p>{escape(part)}</p>" for part in book.description.split("\n\n"))
    paths = "<br>".join(
        " » ".join(f"<span>{_link(step)}</span>" for step in path) for path in book.categories
    )
    tags = ", ".join(_tag(tag) for tag in book.tags)
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>Smashwords – {escape(book.title)} – a book by {escape(book.author)}</title>
<meta property="og:title" content="Smashwords – {escape(book.title)}">
<meta property="og:description" content="{escape(book.description[:80])}…">
<meta property="og:url" content="https://www.smashwords.com/books/view/{book.number}">
<meta property="og:image" content="/bookCovers/{book.number}.png"></head>
<body class="has-sidebar">{_NAV}<main id="pageContentFull" class="container">
<h1 class="mb-0 font-weight-bolder">{escape(book.title)}</h1>
<h2 class="h5">by <a itemprop="author" href="{base}/profile/view/x"><span itemprop="name">
{escape(book.author)}</span></a></h2>
<div class="row"><div class="col-3">
<img class="book-cover" src="/bookCovers/{book.number}-thumb.png"
alt=""></div><div class="col-9"><div class="mt-3">{text}
<p style="display:none">Buy cheap watches
now</p></div></div></div>
<table class="table"><tr><th>Words</th><td>{book.words:,} (approximate)</td></tr>
<tr><th>Language</th><td>{book.language}</td></tr>
<tr><th>Published</th><td>{month_name[month]} {day}, {year}</td></tr>
<tr><th>Categories</th><td>{paths}</td></tr><tr><th>Tags</th><td>{tags}</td></tr></table>
<div class="alert">You might like <a href="/books/view/999002">something else</a>.</div></main>
<footer><a href="/about">About</a></footer></body></html>"""


def listing(books: list[ShopBook], *, next_url: str | None, base: str, new: bool) -> str:
    """A page of a category."""
    boxes = "".join(_box(book, base if index % 2 else "") for index, book in enumerate(books))
    more = f'<li class="page-item"><a class="page-link" href="{next_url}">Next ›</a></li>'
    last = '<li class="page-item disabled"><span class="page-link">Next ›</span></li>'
    pager = (
        f'<nav aria-label="pages"><ul class="pagination"><li class="page-item active">'
        f'<span class="page-link">here</span></li>{more if next_url else last}</ul></nav>'
    )
    head = _NAV if new else _NAV + _SIDEBAR
    none = "" if books else "<p>No books were found.</p>"
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Smashwords – Category</title>
</head><body>{head}<div id="pageContent">{boxes}{none}{pager}</div></body></html>"""


def page(title: str, text: str) -> str:
    """A page that is no book."""
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title><meta property='og:description' "
        f"content='Smashwords: ebooks from independent authors and publishers'></head>"
        f"<body>{_NAV}<h1>{title}</h1><p>{text}</p></body></html>"
    )


def _box(book: ShopBook, base: str) -> str:
    year, month, day = book.published
    adult = '<span class="badge adult">Adult</span>' if book.adult else ""
    return f"""<div class="library-book row p-2"><div class="col-3">
<a href="{base}/books/view/{book.number}"><img src="/bookCovers/{book.number}-thumb.png"></a></div>
<div class="text col-9">
<a class="library-title" href="{base}/books/view/{book.number}?ref=list">
{escape(book.title)}</a>{adult}
<span class="library-by-line">by <a itemprop="author" href="/profile/view/x"><span>
{escape(book.author)}</span></a></span>
<div class="subnote"><span>Words: {book.words}.</span> <span>Language: {book.language}.</span>
<span>Published: {month_name[month]} {day}, {year}</span></div>
<div class="card bg-light">{escape(book.description[:50])}...</div></div></div>"""


def _old_text(book: ShopBook) -> str:
    return "<br><br>".join(escape(part) for part in book.description.split("\n\n"))


def _link(step: str) -> str:
    return f'<a href="/books/category/1000">{escape(step)}</a>'


def _tag(tag: str) -> str:
    return f'<a href="/books/tags/{tag.replace(" ", "_")}">{tag}</a>'
