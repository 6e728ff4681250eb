"""The API's OpenAPI 3.1 document, with the limits that this site runs with."""

from typing import Any

from flask import current_app

from ml.vocabulary.known_genres import HOW, MAX_LENGTH, MAX_NAMES
from webapp.api.requests import MAX_ID, VISIBLE
from webapp.blurb_checks import MAX_TITLE
from webapp.pages.results import FACET_HEADINGS

API_VERSION = "1.0.0"


def document() -> dict[str, Any]:
    """Return the document as plain data."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Genre Hues",
            "version": API_VERSION,
            "description": "Genres of a book from its description, with calibrated probabilities, "
            "and the hues that covers of those genres lean to. Nothing sent is stored or logged.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/api/v1"}],
        "paths": {
            "/predict": {"post": _predict()},
            "/batch": {"post": _batch()},
            "/labels": {"get": _labels()},
        },
        "components": {"schemas": _schemas(), "responses": _responses()},
    }


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _operation(operation_id: str, summary: str, body: str, answer: str) -> dict[str, Any]:
    refused = {"400": "BadRequest", "413": "TooLarge", "415": "NotJson", "422": "Unprocessable"}
    later = {"429": "TooMany", "503": "Busy"}
    return {
        "operationId": operation_id,
        "summary": summary,
        "requestBody": {"required": True, "content": _json(_ref("schemas", body))},
        "responses": {
            "200": {"description": "The answer.", "content": _json(_ref("schemas", answer))},
            **{code: _ref("responses", name) for code, name in (refused | later).items()},
        },
    }


def _predict() -> dict[str, Any]:
    return _operation("predict", "Genres and hues of one book", "Request", "Answer")


def _batch() -> dict[str, Any]:
    return _operation("batch", "Genres and hues of several books", "BatchRequest", "BatchAnswer")


def _labels() -> dict[str, Any]:
    return {
        "operationId": "labels",
        "summary": "Every label the model knows",
        "responses": {
            "200": {"description": "The labels.", "content": _json(_ref("schemas", "Labels"))}
        },
    }


def _responses() -> dict[str, Any]:
    def problem(description: str, *, retry: bool = False) -> dict[str, Any]:
        response: dict[str, Any] = {
            "description": description,
            "content": {"application/problem+json": {"schema": _ref("schemas", "Problem")}},
        }
        if retry:
            response["headers"] = {
                "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}
            }
        return response

    return {
        "BadRequest": problem("The body is not JSON."),
        "TooLarge": problem("The body is larger than the site takes."),
        "NotJson": problem("The Content-Type is not application/json."),
        "Unprocessable": problem("Fields are wrong; `errors` says where and what is expected."),
        "TooMany": problem("Too many requests from this client.", retry=True),
        "Busy": problem("The site is at its capacity.", retry=True),
    }


def _item_fields() -> dict[str, Any]:
    return {
        "description": {
            "type": "string",
            "minLength": 1,
            "maxLength": current_app.config["MAX_CHARACTERS"],
            "pattern": VISIBLE,
            "description": "The blurb, in English. Needs at least one visible character.",
        },
        "title": {"type": "string", "maxLength": MAX_TITLE},
        "genres": {
            "type": "array",
            "maxItems": MAX_NAMES,
            "items": {"type": "string", "maxLength": MAX_LENGTH},
            "description": "Genres already known, in any words; blended into the hues.",
        },
        "id": {
            "anyOf": [
                {"type": "string", "maxLength": MAX_ID},
                {"type": "integer"},
                {"type": "null"},
            ],
            "description": "Comes back with the answer.",
        },
    }


def _strict(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }


def _schemas() -> dict[str, Any]:
    probability = {"type": "number", "minimum": 0, "maximum": 1}
    text = {"type": "string"}
    texts = {"type": "array", "items": text}
    facet = {"enum": [*FACET_HEADINGS, "shelf"]}
    everything = {
        "type": "boolean",
        "default": False,
        "description": "Also return the probability of every label.",
    }
    genre = {"name": text, "probability": probability, "facet": facet}
    hue = {
        "name": text,
        "hex": {"type": "string", "pattern": "^#[0-9a-f]{6}$"},
        "share": probability,
    }
    with_codes = {
        "type": "boolean",
        "default": False,
        "description": "Add store codes: Thema subjects and qualifiers, and plain shelf paths.",
    }
    code = {
        "code": {"type": "string"},
        "heading": {"type": "string"},
        "probability": probability,
        "evidence": {"type": "string"},
        "why": {"type": "string"},
    }
    coded = {"type": "array", "items": _strict(code, list(code))}
    return {
        "Request": _strict(
            _item_fields() | {"all": everything, "codes": with_codes}, ["description"]
        ),
        "Item": _strict(_item_fields(), ["description"]),
        "BatchRequest": _strict(
            {
                "items": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": current_app.config["MAX_BATCH"],
                    "items": _ref("schemas", "Item"),
                },
                "all": everything,
                "codes": with_codes,
            },
            ["items"],
        ),
        "Answer": _strict(
            {
                "id": {"type": ["string", "integer"]},
                "codes": _strict(
                    {
                        "thema": _strict(
                            {
                                "scheme": {"type": "string"},
                                "subjects": coded,
                                "qualifiers": coded,
                            },
                            ["scheme", "subjects", "qualifiers"],
                        ),
                        "shelves": {"type": "array", "items": {"type": "string"}},
                        "keywords": {
                            "type": "array",
                            "items": _strict(
                                {"phrase": {"type": "string"}, "why": {"type": "string"}},
                                ["phrase", "why"],
                            ),
                            "description": "Up to seven phrases for a store's keyword boxes.",
                        },
                        "bisac": {
                            "type": "array",
                            "items": _strict(
                                {"code": {"type": "string"}, "heading": {"type": "string"}},
                                ["code", "heading"],
                            ),
                            "description": "Where the site holds BISG's list.",
                        },
                    },
                    ["thema", "shelves", "keywords"],
                ),
                "genres": {
                    "type": "array",
                    "items": _strict(genre, list(genre)),
                    "description": "The labels decided on, best first; may be empty.",
                },
                "hues": {
                    "type": "array",
                    "items": _strict(hue, list(hue)),
                    "description": "What covers of these genres lean to; shares sum to 1.",
                },
                "known_genres": _strict(
                    {
                        "understood": {
                            "type": "array",
                            "items": _strict(
                                {
                                    "name": text,
                                    "labels": texts,
                                    "how": {"type": "string", "enum": list(HOW)},
                                },
                                ["name", "labels", "how"],
                            ),
                        },
                        "not_understood": texts,
                    },
                    ["understood", "not_understood"],
                ),
                "probabilities": {"type": "object", "additionalProperties": probability},
                "warnings": {
                    **texts,
                    "description": "Doubts about the text; the answer is then a guess at best.",
                },
            },
            ["genres", "hues"],
        ),
        "BatchAnswer": _strict(
            {"results": {"type": "array", "items": _ref("schemas", "Answer")}}, ["results"]
        ),
        "Labels": _strict(
            {
                "version": text,
                "labels": {
                    "type": "array",
                    "items": _strict(
                        {"name": text, "facet": facet, "threshold": probability},
                        ["name", "facet", "threshold"],
                    ),
                },
            },
            ["version", "labels"],
        ),
        "Problem": {
            "type": "object",
            "description": "Problem details (RFC 9457).",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": text,
                "title": text,
                "status": {"type": "integer"},
                "detail": text,
                "errors": {
                    "type": "array",
                    "items": _strict(
                        {
                            "pointer": {**text, "description": "RFC 6901 pointer into the body."},
                            "detail": text,
                        },
                        ["pointer", "detail"],
                    ),
                },
            },
        },
    }
