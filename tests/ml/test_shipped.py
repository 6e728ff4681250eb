"""The network that ships, as a graph: right for a batch, and free of what costs time."""

from copy import deepcopy
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from transformers import BertConfig, BertModel

from ml.errors import InputError
from ml.export import to_onnx
from ml.model import GenreModel
from ml.shipped import ShippedModel, WideBranch
from ml.wide import Wide

VOCABULARY, LABELS, FEATURES = 50, 7, 40
LONG = [1, 9, 8, 7, 6, 5, 4, 3, 2]
SHORT = [1, 30, 31, 32, 2]


@pytest.fixture(scope="module")
def deep() -> GenreModel:
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    encoder = BertModel(config, add_pooling_layer=False)
    for parameter in encoder.parameters():  # its biases are 0 at first, which would hide them
        torch.nn.init.normal_(parameter, std=0.3)
    return GenreModel(encoder, LABELS).eval()


@pytest.fixture(scope="module")
def network(deep: GenreModel) -> ShippedModel:
    rng = np.random.default_rng(3)
    wide = Wide(
        VOCABULARY,
        np.arange(FEATURES, dtype=np.int64),
        np.ones(FEATURES, dtype=np.float32),
        rng.normal(size=(FEATURES, LABELS)).astype(np.float32),
        np.zeros(LABELS, dtype=np.float32),
    )
    return ShippedModel(deepcopy(deep), WideBranch(wide, [0, 1, 2]), share=0.4).eval()


@pytest.fixture(scope="module")
def graph(network: ShippedModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "model.onnx"
    to_onnx(network, path)
    return path


def batch(*texts: list[int]) -> dict[str, np.ndarray]:
    """Pads texts to the longest."""
    length = max(map(len, texts))
    ids = np.array([[*text, *[0] * (length - len(text))] for text in texts])
    mask = np.array([[1] * len(text) + [0] * (length - len(text)) for text in texts])
    return {"input_ids": ids, "attention_mask": mask}


def test_a_padded_text_gets_the_answer_it_gets_alone(graph: Path) -> None:
    session = onnxruntime.InferenceSession(str(graph))
    together = session.run(None, batch(LONG, SHORT))
    for place, text in enumerate((LONG, SHORT)):
        logits, contributions, embedding = session.run(None, batch(text))
        np.testing.assert_allclose(together[0][place], logits[0], atol=1e-5)
        np.testing.assert_allclose(together[1][place][: len(text)], contributions[0], atol=1e-5)
        np.testing.assert_allclose(together[2][place], embedding[0], atol=1e-5)


def test_no_layer_writes_out_its_attention_scores(graph: Path) -> None:
    operators = [node.op_type for node in onnx.load(graph).graph.node]
    assert operators.count("MultiHeadAttention") == 2
    assert "Softmax" not in operators


def test_the_graph_gives_what_the_encoder_gives(graph: Path, deep: GenreModel) -> None:
    """Its attention is another operator than the one that was trained."""
    texts = batch(LONG, SHORT)
    (embedding,) = onnxruntime.InferenceSession(str(graph)).run(["embedding"], texts)
    with torch.inference_mode():
        expected = deep.mean(*map(torch.from_numpy, texts.values()))
    # The graph's word embeddings are in INT8.
    np.testing.assert_allclose(embedding, expected.numpy(), atol=0.02)


def test_an_encoder_without_such_attention_is_refused(network: ShippedModel) -> None:
    encoder = BertModel(BertConfig(num_hidden_layers=0, hidden_size=24), add_pooling_layer=False)
    with pytest.raises(InputError, match="not like BERT's"):
        ShippedModel(GenreModel(encoder, LABELS), network.wide, share=0.4)
