"""Every run of the model waits for its turn, and a visitor's GET causes none."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp import create_app
from webapp.protection.limits import Admission

BLURB = (
    "The clockmaker of Orrin Bay mends a watch that ticks backwards, and each night the harbour "
    "is one day younger than the morning before."
)


@pytest.fixture(scope="module")
def own_app() -> Flask:
    return create_app({"RATE_LIMIT": ""})


@pytest.fixture
def full(own_app: Flask) -> Iterator[FlaskClient]:
    """A site at its capacity: its one slot is taken and nobody may wait."""
    predictor = own_app.extensions["predictor"]
    before = predictor.admission
    admission = Admission(running=1, waiting=0, patience=0)
    predictor.admission = own_app.extensions["admission"] = admission
    with admission.admit():
        yield own_app.test_client()
    predictor.admission = own_app.extensions["admission"] = before


@pytest.fixture
def runs(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the model was run for."""
    found: list[str] = []
    predictor = own_app.extensions["predictor"]
    run = predictor._session.run

    class Counted:
        def run(self, outputs, inputs):
            found.append(" ".join(outputs))
            return run(outputs, inputs)

    monkeypatch.setattr(predictor, "_session", Counted())
    return found


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/predict", {"description": BLURB}),
        ("/api/v1/batch", {"items": [{"description": BLURB}]}),
    ],
)
def test_a_full_site_runs_the_model_for_nobody(full, runs, path, body):
    assert full.post(path, json=body).status_code == 503
    assert not runs


@pytest.mark.parametrize("run", [lambda model: model.predict(BLURB),
                                 lambda model: model.explain(BLURB, label="Horror"),
                                 lambda model: model.embed("lighthouses")])  # fmt: skip
def test_there_is_no_way_round_admission(own_app, full, runs, run):
    with own_app.app_context(), pytest.raises(Exception, match="at its capacity"):
        run(own_app.extensions["predictor"])
    assert not runs


def test_readiness_of_a_full_site_is_said_and_not_run(own_app, full, runs):
    own_app.extensions["readiness"]._stale = 0
    answer = full.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["reason"] == "the site is at its capacity"
    assert not runs


@pytest.mark.parametrize(
    "path", ["/", "/?example=salt-road", "/api", "/about", "/cover", "/healthz", "/api/v1/labels"]
)
def test_reading_a_page_runs_nothing(full, runs, path):
    assert full.get(path).status_code == 200
    assert not runs


def test_twelve_who_ask_at_once_share_one_check(own_app, runs):
    own_app.extensions["readiness"]._stale = 0
    statuses = []

    def ask():
        statuses.append(own_app.test_client().get("/readyz").status_code)

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 12
    assert len(runs) == len(own_app.extensions["predictor"].golden)


def test_a_request_that_began_is_not_turned_away_half_way(own_app, runs):
    admission = Admission(running=1, waiting=0, patience=0)
    items = [{"description": f"{BLURB} Volume {number}."} for number in range(3)]
    predictor = own_app.extensions["predictor"]
    before, predictor.admission = predictor.admission, admission
    try:
        answer = own_app.test_client().post("/api/v1/batch", json={"items": items})
    finally:
        predictor.admission = before
    assert answer.status_code == 200
    assert len(runs) == 3
