"""Answers remembered by a keyed hash: the same as found anew, bounded, and without the text."""

import gc
from collections.abc import Iterator

import pytest
from cachetools import LRUCache
from flask.testing import FlaskClient

from webapp import create_app
from webapp.config import ConfigurationError

TEXTS = [
    f"The lighthouse keeper of Vesper Rock writes letter {number} to the drowned crew, and one "
    "stormy night the sea begins to answer."
    for number in range(5)
]
ROOM = 3


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    with create_app({"RATE_LIMIT": "", "RESULT_CACHE": ROOM}).test_client() as visiting:
        yield visiting


def ask(client: FlaskClient, text: str, title: str = "") -> dict:
    answer = client.post("/api/v1/predict", json={"description": text, "title": title, "all": True})
    assert answer.status_code == 200
    return answer.get_json()


def cache(client: FlaskClient) -> LRUCache:
    return client.application.extensions["predict"].cache


@pytest.fixture
def runs(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the model was run for."""
    found: list[str] = []
    predictor = client.application.extensions["predictor"]
    run = predictor._run

    def counted(encoding, kept, *outputs):
        found.append(" ".join(outputs))
        return run(encoding, kept, *outputs)

    monkeypatch.setattr(predictor, "_run", counted)
    cache(client).clear()
    return found


def test_a_text_that_comes_again_is_answered_the_same_without_the_model(client, runs):
    first = ask(client, TEXTS[0])
    assert runs == ["logits"]
    assert ask(client, TEXTS[0]) == first
    assert runs == ["logits"]


def test_another_title_or_text_is_another_answer(client, runs):
    ask(client, TEXTS[0])
    ask(client, TEXTS[0], "Vesper Rock")
    ask(client, TEXTS[1])
    assert len(runs) == 3


def test_the_oldest_answer_makes_room(client, runs):
    for text in (*TEXTS[:ROOM], TEXTS[0], TEXTS[ROOM]):  # the first is asked again, so it stays
        ask(client, text)
    assert len(runs) == ROOM + 1
    ask(client, TEXTS[0])
    assert len(runs) == ROOM + 1
    ask(client, TEXTS[1])
    assert len(runs) == ROOM + 2


def test_no_text_is_kept(client, runs):
    ask(client, TEXTS[0], "A title of its own")
    todo, seen = [dict(cache(client))], set()
    while todo:
        thing = todo.pop()
        assert not (isinstance(thing, str) and ("Vesper" in thing or "title of" in thing))
        if id(thing) not in seen and not isinstance(thing, type):
            seen.add(id(thing))
            todo += gc.get_referents(thing)
    assert len(seen) > 100


def test_it_is_off_unless_asked_for():
    assert not hasattr(create_app({"RATE_LIMIT": ""}).extensions["predict"], "cache")


def test_fewer_than_none_is_refused():
    with pytest.raises(ConfigurationError, match="RESULT_CACHE"):
        create_app({"RESULT_CACHE": -1})
