"""Two blurbs side by side: genres, hues, and the words that make the difference."""

from dataclasses import dataclass
from typing import NamedTuple

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField
from wtforms.validators import Length

from ml.serving.percent import percent
from ml.vocabulary.display import display
from webapp.analysis import evidence
from webapp.blurb_checks import MAX_TITLE
from webapp.explanation import Evidence
from webapp.pages import pocket
from webapp.pages.answer_pages import Visit, answer_or_404, visit_of
from webapp.pages.changes import points
from webapp.pages.forms import BLURB_VALIDATORS, BlurbField, sent
from webapp.pages.pocket import Text
from webapp.pages.results import Results, results

blueprint = Blueprint("compare", __name__)

MOST_DIFFERENCES = 4
MOST_WORDS = 4
LEAST_POINTS = 5
TITLE_LENGTH = Length(max=MAX_TITLE, message=f"A title of up to {MAX_TITLE} characters, please.")


class CompareForm(FlaskForm):  # type: ignore[misc]
    """Two descriptions."""

    first_title = StringField("Title of the first", [TITLE_LENGTH])
    first = BlurbField("First description", BLURB_VALIDATORS)
    second_title = StringField("Title of the second", [TITLE_LENGTH])
    second = BlurbField("Second description", BLURB_VALIDATORS)
    anyway = BooleanField("Compare them anyway")


class Difference(NamedTuple):
    """A genre that one blurb reads as more than the other, and the words behind it."""

    name: str
    first: str
    second: str
    first_words: tuple[str, ...]
    """Words of the first blurb alone that speak for the genre."""
    second_words: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """One of the two."""

    visit: Visit
    results: Results
    evidence: Evidence | None


@blueprint.get("/compare")
def form() -> ResponseReturnValue:
    """Show the form."""
    return render_template("compare.html", form=CompareForm(formdata=None), sides=())


@blueprint.post("/compare")
def compare() -> ResponseReturnValue:
    """Go on to the address of the two answers, or say what is wrong with a text."""
    form = CompareForm(formdata=sent())
    if not form.validate():
        return render_template("compare.html", form=form, sides=()), 422
    texts = (
        Text(form.first.data or "", form.first_title.data or ""),
        Text(form.second.data or "", form.second_title.data or ""),
    )
    first, second = (visit_of(text) for text in texts)
    if not pocket.fits(*texts):
        return _page(first, second)
    address = url_for("compare.beside", first=first.token, second=second.token)
    response = redirect(address, 303)
    pocket.keep(response, *texts)
    return response


@blueprint.get(f"{pocket.PATH}/<first>/beside/<second>")
def beside(first: str, second: str) -> ResponseReturnValue:
    """Show two answers side by side, and to their author the texts and the words."""
    kept = pocket.texts()
    visits = []
    for token in (first, second):
        answer = answer_or_404(token)
        visits.append(Visit(answer, token, kept.get(answer.text)))
    return _page(*visits)


def _page(first: Visit, second: Visit) -> Response:
    sides = tuple(_side(visit) for visit in (first, second))
    texts = [visit.text or Text("") for visit in (first, second)]
    form = CompareForm(
        formdata=None,
        first=texts[0].description,
        first_title=texts[0].title,
        second=texts[1].description,
        second_title=texts[1].title,
    )
    page = render_template("compare.html", form=form, sides=sides, differences=differences(*sides))
    return make_response(page)


def _side(visit: Visit) -> Side:
    found = evidence(visit.text.description, visit.text.title) if visit.text else None
    return Side(visit, results(visit.answer, visit.text), found)


def differences(first: Side, second: Side) -> tuple[Difference, ...]:
    """Return the genres in which two blurbs differ, the largest difference first."""
    one, other = first.visit.answer.probabilities, second.visit.answer.probabilities
    decided = first.visit.answer.decided | second.visit.answer.decided
    told = [label for label in decided if display(label).show not in ("no", "folded")]
    steps = {label: points(other.get(label, 0.0)) - points(one.get(label, 0.0)) for label in told}
    ranked = sorted(steps, key=lambda label: (-abs(steps[label]), label))
    return tuple(
        Difference(
            display(label).name,
            percent(one.get(label, 0.0)),
            percent(other.get(label, 0.0)),
            _words_of_one(label, first.evidence, second.evidence),
            _words_of_one(label, second.evidence, first.evidence),
        )
        for label in ranked[:MOST_DIFFERENCES]
        if abs(steps[label]) >= LEAST_POINTS
    )


def _words_of_one(label: str, here: Evidence | None, there: Evidence | None) -> tuple[str, ...]:
    if here is None or there is None:
        return ()
    values, others = here.value(label), there.value(label)
    alone = [word for word in values if word not in others and values[word] > 0]
    return tuple(sorted(alone, key=lambda word: -values[word])[:MOST_WORDS])
