"""The pages a person reads."""

from flask import Blueprint, abort, render_template, request

from ml import answers
from ml.errors import UnknownLabelError
from ml.hues.contrast import title_contrast
from webapp.analysis import explain, predictor, read
from webapp.measured import figures
from webapp.pages.examples import BY_SLUG, EXAMPLES, Example, readings
from webapp.pages.forms import BlurbForm, sent
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
def home() -> str:
    """Show the form, or what the site makes of one of its examples."""
    slug = request.args.get("example")
    if slug is None:
        return render_template("home.html", form=BlurbForm(formdata=None), examples=_examples())
    if slug not in BY_SLUG:
        abort(404)
    example = BY_SLUG[slug]
    form = BlurbForm(formdata=None, title=example.title, description=example.description)
    return render_template("results.html", form=form, results=results(readings()[slug]))


@blueprint.post("/")
def classify() -> str | tuple[str, int]:
    """Answer a blurb, or say at its field what is wrong with it."""
    form = BlurbForm(formdata=sent())
    if not form.validate():
        return render_template("home.html", form=form, examples=_examples()), 422
    return _answer(form, request.form.get("why"))


def _answer(form: BlurbForm, why: str | None) -> str:
    description, title = form.description.data or "", form.title.data or ""
    found = read(description, title, form.genres.data or "")
    try:
        explained = explain(description, title, why) if why else None
    except UnknownLabelError as error:
        abort(400, f"A genre of this site is meant under why: {error}.")
    answer = results(found, explained, surely_english=form.description.surely_english)
    return render_template("results.html", form=form, results=answer)


def _examples() -> list[tuple[Example, Results]]:
    return [(example, results(readings()[example.slug])) for example in EXAMPLES]


@blueprint.get("/about")
def about() -> str:
    """Say how the site works, how well, where it fails and what it keeps."""
    return render_template("about.html", labels=predictor().labels, figures=figures())


@blueprint.get("/api")
def api_guide() -> str:
    """Describe the JSON API for people, with a real answer."""
    example = EXAMPLES[0]
    prediction, palette, _ = readings()[example.slug]
    return render_template("api.html", example=example, answer=answers.answer(prediction, palette))
