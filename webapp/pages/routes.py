"""The pages a person reads."""

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from ml import answers
from ml.hues.contrast import title_contrast
from webapp.analysis import predictor
from webapp.measured import figures
from webapp.pages import pocket
from webapp.pages.address import seal
from webapp.pages.answer_pages import Visit, page, visit_of
from webapp.pages.answering import answer_of
from webapp.pages.examples import BY_SLUG, EXAMPLES, Example, known_examples
from webapp.pages.forms import BlurbForm, sent
from webapp.pages.pocket import Text
from webapp.pages.results import Results, results

blueprint = Blueprint("pages", __name__)


@blueprint.app_template_filter("percent")
def percent(share: float) -> str:
    """Write a share in whole percent, and never a thing that is there as 0."""
    return f"{share:.0%}" if share >= 0.005 or share <= 0 else "under 1%"


@blueprint.app_template_filter("title_on")
def title_on(code: str) -> str:
    """Say how a title reads on a colour, by its contrast in white and in black."""
    found = title_contrast(code)
    best, ratio = ("white", found.white) if found.white >= found.black else ("black", found.black)
    other = f"{min(found):.1f}:1 in {'black' if best == 'white' else 'white'}"
    return f"a title in {best} has contrast {ratio:.1f}:1, {other}"


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Show the form, or what the site makes of one of its examples."""
    slug = request.args.get("example")
    if slug is None:
        return render_template("home.html", form=BlurbForm(formdata=None), examples=_examples())
    if slug not in BY_SLUG:
        abort(404)
    text, known = _text(BY_SLUG[slug]), known_examples()[slug]
    answer = answer_of(known.reading, text)
    response = page(Visit(answer, seal(answer), text), known.evidence)
    pocket.keep(response, text)
    return response


@blueprint.post("/")
@blueprint.post(f"{pocket.PATH}/<before>")
def classify(before: str = "") -> ResponseReturnValue:
    """Go on to the answer's address, or say at its field what is wrong with a blurb.

    Args:
        before: last part of the address of the answer whose page the blurb was changed on.
    """
    form = BlurbForm(formdata=sent())
    if not form.validate():
        page = render_template("home.html", form=form, before=before, examples=_examples())
        return page, 422
    text = Text(form.description.data or "", form.title.data or "", form.genres.data or "")
    aim = form.aim.data or ""
    if not pocket.fits(text):
        return _answered(text, before, aim)
    visit = visit_of(text, before, aim)
    response = redirect(visit.address, 303)
    pocket.keep(response, text)
    return response


def _answered(text: Text, before: str = "", aim: str = "") -> Response:
    """Answer at once, where a browser need not or cannot carry the text to another address."""
    response = page(visit_of(text, before, aim))
    if pocket.fits(text):
        pocket.keep(response, text)
    return response


def _text(example: Example) -> Text:
    return Text(example.description, example.title)


def _examples() -> list[tuple[Example, Results]]:
    known = known_examples()
    return [
        (example, results(answer_of(known[example.slug].reading, _text(example))))
        for example in EXAMPLES
    ]


@blueprint.get("/about")
def about() -> str:
    """Say how the site works, how well, where it fails and what it keeps."""
    return render_template("about.html", labels=predictor().labels, figures=figures())


@blueprint.get("/api")
def api_guide() -> str:
    """Describe the JSON API for people, with a real answer."""
    example = EXAMPLES[0]
    prediction, palette, _ = known_examples()[example.slug].reading
    return render_template("api.html", example=example, answer=answers.answer(prediction, palette))
