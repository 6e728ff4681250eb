"""The network that ships, as a graph: what its parts give, and free of what costs time."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from transformers import BertConfig, BertModel

from ml.errors import InputError
from ml.network.genre_model import GenreModel
from ml.network.ngram_table import Wide
from ml.network.packed_table import RowTable
from ml.network.shipped_model import ShippedModel
from ml.packaging.export import to_onnx

VOCABULARY, LABELS, WIDTH, SHARE = 50, 71, 16, 0.4
OPENING, CLOSING = 1, 2
TEXTS = {
    "nothing": [],
    "one piece": [9],
    "pieces and pairs that recur": [9, 8, 7, 9, 8, 5, 4, 9, 8],
    "no feature": [40, 41, 42],
    "the longest": [*range(3, 25)],
}


@pytest.fixture(scope="module")
def deep() -> GenreModel:
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=WIDTH,
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
def wide() -> Wide:
    rng = np.random.default_rng(3)
    pairs = [VOCABULARY + first * VOCABULARY + second for first, second in ((9, 8), (8, 7))]
    keys = np.array([*range(3, 30), *sorted(pairs)], dtype=np.int64)
    return Wide(
        VOCABULARY,
        keys,
        rng.uniform(1, 3, len(keys)).astype(np.float32),
        rng.normal(size=(len(keys), LABELS)).astype(np.float32),
        rng.normal(size=LABELS).astype(np.float32),
    )


@pytest.fixture(scope="module")
def network(deep: GenreModel, wide: Wide) -> ShippedModel:
    return ShippedModel(deep, wide, SHARE, max_tokens=24).eval()


@pytest.fixture(scope="module")
def graph(network: ShippedModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "model.onnx"
    to_onnx(network, path)
    return path


def with_ends(pieces: list[int]) -> np.ndarray:
    return np.array([[OPENING, *pieces, CLOSING]])


@pytest.mark.parametrize("name", TEXTS)
def test_the_graph_gives_what_its_parts_give(
    graph: Path, deep: GenreModel, wide: Wide, name: str
) -> None:
    """Its operators are not those that were trained, and its tables have 4 bits."""
    ids = with_ends(TEXTS[name])
    logits, _, embedding = onnxruntime.InferenceSession(str(graph)).run(None, {"input_ids": ids})
    mask = torch.ones(ids.shape, dtype=torch.int64)
    with torch.inference_mode():
        mean = deep.mean(torch.from_numpy(ids), mask)
        of_deep = deep.head(mean).numpy()
    np.testing.assert_allclose(embedding, mean.numpy(), atol=0.2)
    expected = (1 - SHARE) * of_deep + SHARE * wide.logits([TEXTS[name]])
    np.testing.assert_allclose(logits, expected, atol=0.2)
    assert np.abs(logits).max() > 1  # so that the tolerance says something


@pytest.mark.parametrize("name", TEXTS)
def test_contributions_sum_to_the_logits(graph: Path, network: ShippedModel, name: str) -> None:
    ids = with_ends(TEXTS[name])
    session = onnxruntime.InferenceSession(str(graph))
    logits, contributions, _ = session.run(None, {"input_ids": ids})
    assert contributions.shape == (1, ids.shape[1], LABELS)
    total = contributions.sum(1) + network.bias.numpy()
    np.testing.assert_allclose(total, logits, atol=1e-4)
    with torch.inference_mode():
        expected = network(torch.from_numpy(ids))[1].numpy()
    np.testing.assert_allclose(contributions, expected, atol=1e-4)


def test_what_a_pair_adds_is_halved_between_its_pieces(deep: GenreModel) -> None:
    keys = np.array([VOCABULARY + 9 * VOCABULARY + 8], dtype=np.int64)
    one, none = np.ones((1, LABELS), dtype=np.float32), np.zeros(LABELS, dtype=np.float32)
    network = ShippedModel(deep, Wide(VOCABULARY, keys, one[0, :1], one, none), 1, 24).eval()
    with torch.inference_mode():
        _, contributions, _ = network(torch.from_numpy(with_ends([5, 9, 8, 6])))
    np.testing.assert_allclose(contributions[0, :, 0], [0, 0, 0.5, 0.5, 0, 0], atol=1e-3)


@pytest.mark.parametrize("width", [7, 70, 128])
def test_a_table_of_4_bits_is_near_what_it_was_made_of(width: int) -> None:
    weight = torch.randn(30, width, generator=torch.Generator().manual_seed(1))
    weight[3] = 0
    weight[4] *= 1e-4
    rows = torch.tensor([[4, 29, 3, 0]])
    found = RowTable(weight)(rows)[0]
    error = (found - weight[rows[0]]).norm(dim=1) / weight[rows[0]].norm(dim=1).clamp(min=1e-9)
    assert found[2].abs().max() == 0
    assert error.max() < 0.15
    assert torch.equal(RowTable(found)(torch.arange(4).unsqueeze(0))[0], found)


def test_no_layer_writes_out_its_attention_scores(graph: Path) -> None:
    nodes = onnx.load(graph).graph.node
    attention = [node for node in nodes if node.op_type == "MultiHeadAttention"]
    assert [len(node.input) for node in attention] == [4, 4]  # a mask would be the fifth
    assert "Softmax" not in [node.op_type for node in nodes]


def test_an_encoder_without_such_attention_is_refused(wide: Wide) -> None:
    encoder = BertModel(BertConfig(num_hidden_layers=0, hidden_size=24), add_pooling_layer=False)
    with pytest.raises(InputError, match="not like BERT's"):
        ShippedModel(GenreModel(encoder, LABELS), wide, SHARE, max_tokens=24)
