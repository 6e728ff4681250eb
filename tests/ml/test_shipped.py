"""The network that ships, as a graph: right for a batch, and free of what costs time."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from transformers import BertConfig, BertModel

from ml.export import to_onnx
from ml.model import GenreModel
from ml.shipped import ShippedModel, WideBranch
from ml.wide import Wide

VOCABULARY, LABELS, FEATURES = 50, 7, 40
LONG = [1, 9, 8, 7, 6, 5, 4, 3, 2]
SHORT = [1, 30, 31, 32, 2]


@pytest.fixture(scope="module")
def network() -> ShippedModel:
    torch.manual_seed(3)
    rng = np.random.default_rng(3)
    config = BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=32,
    )
    wide = Wide(
        VOCABULARY,
        np.arange(FEATURES, dtype=np.int64),
        np.ones(FEATURES, dtype=np.float32),
        rng.normal(size=(FEATURES, LABELS)).astype(np.float32),
        np.zeros(LABELS, dtype=np.float32),
    )
    deep = GenreModel(BertModel(config, add_pooling_layer=False), LABELS)
    return ShippedModel(deep, WideBranch(wide, [0, 1, 2]), share=0.4).eval()


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


def test_the_graph_looks_for_no_rows_without_tokens(graph: Path) -> None:
    """A mask of 0 and 1 brings IsNaN and Where over every matrix of attention scores."""
    assert "IsNaN" not in {node.op_type for node in onnx.load(graph).graph.node}
