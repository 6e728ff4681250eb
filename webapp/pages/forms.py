"""The form of the front page."""

from collections.abc import Callable
from typing import Any

from flask import current_app, request
from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, StopValidation

from ml.serving.doubt import too_short, unreadable
from ml.serving.language import detect
from ml.vocabulary.known_genres import MAX_LENGTH
from webapp.blurb_checks import MAX_GENRES, MAX_TITLE, too_long


def sent(*file_fields: str) -> MultiDict[str, Any]:
    """Return what was sent for a form: text, and files only for the fields that take one.

    Left to itself Flask-WTF mixes both and reads JSON too: a field of text could hold anything.
    """
    found: MultiDict[str, Any] = MultiDict(request.form)
    for name in file_fields:
        found.setlist(name, request.files.getlist(name))
    return found


def _refuse(problem: Callable[[str], str | None]) -> Callable[[FlaskForm, Field], None]:
    """Make a validator that stops at the first thing wrong, so that one error is shown."""

    def validate(form: FlaskForm, field: Field) -> None:
        message = problem(field.data or "")
        if message:
            raise StopValidation(message)

    return validate


def _too_long(text: str) -> str | None:
    return too_long(text, current_app.config["MAX_CHARACTERS"])


def _unless_anyway(
    validate: Callable[[FlaskForm, Field], None],
) -> Callable[[FlaskForm, Field], None]:
    """Make a validator whose doubt a person may overrule; what is blank stays refused."""

    def validate_unless(form: FlaskForm, field: Any) -> None:
        overruled = "anyway" in form and form.anyway.data and (field.data or "").strip()
        if not overruled:
            try:
                validate(form, field)
            except StopValidation:
                field.can_be_overruled = bool((field.data or "").strip())
                raise

    return validate_unless


def _in_english(form: FlaskForm, field: Field) -> None:
    """Refuse another language."""
    verdict = detect(field.data or "")
    if verdict.english == "no":
        raise StopValidation(
            f"This looks like {verdict.other}. The model has learnt from English blurbs only: "
            "paste the English description, or a translation of it."
        )


class BlurbField(TextAreaField):
    """A description, and whether it was refused for a doubt that a person may overrule."""

    can_be_overruled = False


BLURB_VALIDATORS = (
    _refuse(_too_long),
    *(_unless_anyway(check) for check in (_refuse(unreadable), _in_english, _refuse(too_short))),
)
"""What a description has to pass, the surest reason to refuse it first."""


class BlurbForm(FlaskForm):  # type: ignore[misc]
    """A description and what else may be known of the book."""

    title = StringField(
        "Title",
        [Length(max=MAX_TITLE, message=f"A title of up to {MAX_TITLE} characters, please.")],
    )
    description = BlurbField("Description", BLURB_VALIDATORS)
    genres = StringField(
        "Genres you already know",
        [Length(max=MAX_GENRES, message=f"Up to {MAX_GENRES} characters of genres, please.")],
    )
    anyway = BooleanField("Show it anyway")
    aim = HiddenField(validators=[Length(max=MAX_LENGTH)])


class CorrectionForm(FlaskForm):  # type: ignore[misc]
    """Which of an answer's genres stay, and which are missing."""

    keep = SelectMultipleField(validate_choice=False)
    add = StringField(
        "Add genres",
        [Length(max=MAX_GENRES, message=f"Up to {MAX_GENRES} characters of genres, please.")],
    )
