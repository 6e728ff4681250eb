"""Genre Hues as a Gradio Space: the site's predictor and model folder behind a page of its own."""

import os
from html import escape
from typing import Any

# Before onnxruntime is imported, which else reports its use to its maker.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import gradio as gr

from ml.answers import answer
from ml.predictor import Predictor
from ml.serving.prediction import Prediction

MIN_WORDS = 5
MAX_CHARACTERS = 20_000
GENRES_SHOWN = 12
BARCODE_HEIGHT = 96

EXAMPLES = [
    [
        "The Cartographer of Small Rooms",
        "When the last lift engineer in Halden Tower dies, sixteen-year-old Wren inherits his keys "
        "and a map of floors that are not supposed to exist. The Council says nobody has lived "
        "above the ninetieth storey since the air failed. The map says otherwise. With a stolen "
        "mask and a boy who claims to have fallen from the sky, Wren climbs into the dark, and "
        "finds out what the tower was built to keep in.",
    ],
    [
        "Murder at the Marrow Show",
        "Retired postmistress Dorothy Pym came to the Little Wickham flower show for the scones. "
        "She did not expect to find the head judge face down in the prize marrows. The constable "
        "calls it a heart attack, the vicar calls it a judgement, and Dorothy, who has read every "
        "postcard in the village for forty years, calls it murder.",
    ],
    [
        "Ten Slow Breakfasts",
        "A practical, warm-hearted guide to cooking the first meal of the day without hurry: sixty "
        "recipes from overnight oats to Turkish eggs, with notes on shopping once a week, baking "
        "bread while you sleep and setting a table for friends who arrive before the coffee does.",
    ],
]

predictor = Predictor.load()


def genres_of(prediction: Prediction) -> dict[str, float]:
    """Return the genres to show with their probabilities: those decided on, or the best guesses."""
    decided = [genre for genre in prediction.genres if genre.facet != "shelf"]
    return {genre.name: genre.probability for genre in decided or prediction.guesses(3)}


def barcode_of(hues: list[dict[str, Any]]) -> str:
    """Draw the hues as SVG bars as wide as their shares, and the same in text below."""
    bars, left = [], 0.0
    for hue in hues:
        width = 100 * hue["share"]
        bars.append(
            f'<rect x="{left:.3f}" width="{width:.3f}" height="100" fill="{escape(hue["hex"])}">'
            f"<title>{escape(hue['name'])}</title></rect>"
        )
        left += width
    names = ", ".join(
        f"{escape(hue['name'])} <code>{escape(hue['hex'])}</code> {hue['share']:.0%}"
        for hue in hues
    )
    return (
        f'<svg role="img" aria-label="Hue barcode" width="100%" height="{BARCODE_HEIGHT}" '
        f'viewBox="0 0 100 100" preserveAspectRatio="none" shape-rendering="crispEdges">'
        f"{''.join(bars)}</svg><p>Covers of these genres lean to: {names}</p>"
    )


def predict(title: str, description: str) -> tuple[dict[str, float], str, dict[str, Any]]:
    """Return a book's genres, its barcode, and both as the site's API gives them.

    Raises:
        gr.Error: the description is too short or too long to say anything about.
    """
    if len(description.split()) < MIN_WORDS:
        raise gr.Error(f"Please paste a description of at least {MIN_WORDS} words.")
    if len(title) + len(description) > MAX_CHARACTERS:
        raise gr.Error(f"Please paste at most {MAX_CHARACTERS:,} characters.")
    prediction = predictor.predict(description, title)
    found = answer(prediction, predictor.palette(prediction))
    return genres_of(prediction), barcode_of(found["hues"]), found


with gr.Blocks(title="Genre Hues", analytics_enabled=False) as demo:
    gr.Markdown(
        "# Genre Hues\nPaste a book's description; see its genres, and the colours that covers of "
        "those genres wear. Nothing you paste is stored."
    )
    with gr.Row():
        with gr.Column():
            title_box = gr.Textbox(label="Title (optional)", max_lines=1)
            description_box = gr.Textbox(label="Description", lines=10)
            button = gr.Button("Show genres and hues", variant="primary")
        with gr.Column():
            genres = gr.Label(label="Genres", num_top_classes=GENRES_SHOWN)
            barcode = gr.HTML(label="Hues")
            with gr.Accordion("As JSON", open=False):
                answer_json = gr.JSON(show_label=False)
    boxes, results = [title_box, description_box], [genres, barcode, answer_json]
    gr.Examples(EXAMPLES, inputs=boxes)
    button.click(predict, boxes, results, api_name="predict")

if __name__ == "__main__":
    demo.queue(default_concurrency_limit=2, max_size=32).launch()
