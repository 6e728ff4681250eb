"""The pages of an answer: its address carries genres, percentages and hues, and no text.

The author's browser carries the text along (`webapp.pages.pocket`), so that the author's page has
it in the form and says why; everybody else sees the answer alone.
"""

from dataclasses import dataclass, replace

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from webapp.analysis import evidence, known_genres, read_for_page, store_codes
from webapp.explanation import Evidence
from webapp.pages import pocket
from webapp.pages.address import Answer, BadAddressError, seal, unseal
from webapp.pages.aim import aim_at, aimed_label
from webapp.pages.answering import answer_of, corrected
from webapp.pages.changes import changes
from webapp.pages.forms import BlurbForm, CorrectionForm, sent
from webapp.pages.pocket import Text
from webapp.pages.results import results

blueprint = Blueprint("answer", __name__, url_prefix=pocket.PATH)


@dataclass(frozen=True)
class Visit:
    """What one visit to an answer's page is about."""

    answer: Answer
    token: str
    """The address's last part."""
    text: Text | None = None
    """None for everybody but the author."""
    before: str = ""
    """The last part of the address of the answer before, to say what changed."""
    aim: str = ""
    """The genre that the author wants, as typed."""

    @property
    def address(self) -> str:
        """Where the author goes on: the answer, with what it is compared with."""
        before, aim = self.before or None, self.aim or None
        return url_for("answer.show", token=self.token, since=before, aim=aim)


def opened(token: str) -> Answer | None:
    """Return the answer of an address, or None where it cannot be read."""
    try:
        return unseal(token)
    except BadAddressError:
        return None


def visit_of(text: Text, before: str = "", aim: str = "") -> Visit:
    """Read a text, and return the visit to the page that answers it."""
    reading = read_for_page(*text)
    earlier, label = opened(before), aimed_label(aim)
    wanted = [*(earlier.decided if earlier else ()), *([label] if label else ())]
    answer = answer_of(reading, text, wanted)
    return Visit(answer, seal(answer), text, before if earlier else "", aim)


@blueprint.get("/<token>")
def show(token: str) -> ResponseReturnValue:
    """Show an answer, and to its author the text and why."""
    answer = answer_or_404(token)
    before, aim = request.args.get("since", ""), request.args.get("aim", "")
    visit = Visit(answer, token, pocket.texts().get(answer.text), before, aim)
    return page(_with_aim(visit))


@blueprint.post("/<token>/correct")
def correct(token: str) -> ResponseReturnValue:
    """Take genres away or add some, and go on to the address of the corrected answer."""
    answer = answer_or_404(token)
    form = CorrectionForm(formdata=sent())
    if not form.validate():
        abort(400, next(iter(form.errors.values()))[0])
    listed = {*answer.decided, *answer.added}
    kept = listed & set(form.keep.data or ())
    added = {*known_genres(form.add.data or "").labels, *(answer.added & kept)}
    changed = corrected(answer, added, answer.removed | (listed - kept))
    return redirect(url_for("answer.show", token=seal(changed)), 303)


def page(visit: Visit, found: Evidence | None = None) -> Response:
    """Lay out the page of a visit; `found` is what the text's words said, where it is known."""
    answer, text = visit.answer, visit.text
    before = opened(visit.before)
    if text and not found:
        found = evidence(text.description, text.title)
    label = aimed_label(visit.aim)
    aim = None
    if found and label:
        change = changes(before, answer).at.get(label, "") if before else ""
        aim = aim_at(visit.aim, label, answer, found, change)
    form = BlurbForm(
        formdata=None,
        **(text._asdict() if text else {}),
        aim=visit.aim,
    )
    return make_response(
        render_template(
            "results.html",
            visit=visit,
            form=form,
            results=results(answer, text, found, before),
            aim=aim,
            codes=store_codes(answer.prediction, *(text[:2] if text else ("", ""))),
            known=known_genres(text.genres) if text else None,
        )
    )


def _with_aim(visit: Visit) -> Visit:
    """Return the visit with an answer that also has the probability of what is aimed at."""
    label = aimed_label(visit.aim)
    if not (label and visit.text) or label in visit.answer.probabilities:
        return visit
    ranked = read_for_page(*visit.text).prediction.ranked
    found = next(genre for genre in ranked if genre.name == label)
    answer = replace(visit.answer, judged=(*visit.answer.judged, found))
    return replace(visit, answer=answer, token=seal(answer))


def answer_or_404(token: str) -> Answer:
    """Return the answer of an address, or end the request with 404 where there is none."""
    answer = opened(token)
    if answer is None:
        abort(404)
    return answer
