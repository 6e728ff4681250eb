"""Stage 4: deep and wide into one ONNX file, in INT8 and 4 bits, and compared with float32."""

import argparse
import json
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from tokenizers import Tokenizer

from ml import metrics
from ml.data.dataset import BlurbDataset, load_books, targets, token_ids
from ml.errors import CheckFailedError
from ml.metrics import best_global_threshold
from ml.network.genre_model import GenreModel
from ml.network.ngram_table import Wide
from ml.network.operators import DOMAINS
from ml.network.shipped_model import ShippedModel
from ml.packaging.scoring import book_logits
from ml.predictor import Predictor
from ml.serving.model_folder import DEFAULT_MODEL, write_json, write_sums
from ml.serving.short_texts import Brevity
from ml.serving.sigmoid import sigmoid
from ml.settings import settings
from ml.training.finished_runs import deep_logits, load_deep
from ml.training.records import encoder_name, training_record
from ml.vocabulary.genres import vocabulary

OUTPUTS = ("logits", "contributions", "embedding")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare this stage's options; the defaults are those of settings.toml."""
    defaults = settings("export")
    parser.add_argument("data", type=Path, help="books.jsonl.gz of `preprocess`, for the dev split")
    parser.add_argument(
        "--run", dest="folder", type=Path, required=True, help="the training run's folder"
    )
    parser.add_argument(
        "--model", type=Path, default=DEFAULT_MODEL, help="the model folder to write"
    )
    parser.add_argument("--version", required=True, help="of the model, such as 2026.11.1")
    parser.add_argument(
        "--max-flips",
        type=float,
        default=defaults["max_flips"],
        metavar="SHARE",
        help="fail when INT8 changes more than this share of float32's decisions",
    )
    parser.add_argument(
        "--max-shift",
        type=float,
        default=defaults["max_shift"],
        metavar="P",
        help="fail when the mean |p(INT8) - p(float32)| is above this",
    )


def run(args: argparse.Namespace) -> int:
    """Write the model folder with identity calibration and the parity figures."""
    dev = load_books(args.data, "dev")
    deep, labels, tokenizer = load_deep(args.folder)
    wide = Wide.load(args.folder / "wide.safetensors").strongest(settings("wide")["kept_features"])
    truth = targets(dev, labels).astype(bool)
    share = blend_share(deep, wide, tokenizer, dev, truth)
    max_tokens = settings("export")["max_tokens"]
    shipped = ShippedModel(deep, wide, share, max_tokens).eval()
    args.model.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(args.folder / "tokenizer.json", args.model / "tokenizer.json")
    encoder = encoder_name(training_record(args.folder))
    spec = _spec(args.version, encoder, labels, share)
    write_json(args.model / "model.json", spec)
    shutil.copyfile(args.folder / "training.json", args.model / "training.json")
    full = args.folder / "model.fp32.onnx"
    to_onnx(shipped, full)
    quantise(full, args.model / "model.onnx")
    write_sums(args.model)
    reference = float32_logits(deep, wide, share, BlurbDataset(dev, tokenizer, max_tokens, 1.0))
    figures = parity(args.model, reference, dev, truth)
    write_json(args.model / "model.json", {**spec, "int8_against_float32": figures})
    write_sums(args.model)
    print(json.dumps(figures))
    if figures["flips"] > args.max_flips or figures["mean_shift"] > args.max_shift:
        raise CheckFailedError(
            f"INT8 changes {figures['flips']:.3%} of the decisions (at most {args.max_flips:.3%}) "
            f"and moves probabilities by {figures['mean_shift']:.5f} (at most {args.max_shift})"
        )
    return 0


def blend_share(
    deep: GenreModel,
    wide: Wide,
    tokenizer: Tokenizer,
    books: list[dict[str, Any]],
    truth: metrics.Marks,
) -> float:
    """Return the weight of the wide logits with the best mAP, half the titles shown."""
    dataset = BlurbDataset(books, tokenizer, settings("export")["max_tokens"], title_share=0.5)
    of_deep = deep_logits(deep, dataset)
    of_wide = wide.logits(token_ids(dataset))
    grid = np.arange(0, 1.0, 0.05)
    found = [
        metrics.mean_average_precision(truth, (1 - share) * of_deep + share * of_wide)
        for share in grid
    ]
    return float(round(grid[int(np.argmax(found))], 2))


def to_onnx(model: ShippedModel, path: Path) -> None:
    """Export for one text of any length.

    onnxruntime computes every output, whichever a run asks for; a graph with the logits alone was
    no faster by more than the noise of measuring.
    """
    ids = torch.arange(8).unsqueeze(0)
    axes = {"input_ids": {1: "tokens"}, "contributions": {1: "tokens"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (ids,),
            str(path),
            input_names=["input_ids"],
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=settings("export")["opset"],
            custom_opsets=DOMAINS,
            dynamo=False,
        )


def quantise(full: Path, small: Path, *, per_channel: bool = True) -> None:
    """Quantise the matrices to signed INT8, activations at run time (dynamic).

    Seven bits a weight (`reduce_range`) keep CPUs without VNNI from saturating, so that every CPU
    gives the same answer; a scale a channel more than makes up for the lost bit.
    """
    with tempfile.TemporaryDirectory() as scratch:
        prepared = Path(scratch) / "prepared.onnx"
        quant_pre_process(str(full), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            str(prepared),
            str(small),
            weight_type=QuantType.QInt8,
            per_channel=per_channel,
            reduce_range=True,
            op_types_to_quantize=["MatMul"],
        )


def float32_logits(
    deep: GenreModel, wide: Wide, share: float, dataset: BlurbDataset
) -> NDArray[np.float32]:
    """Return the scores [books, labels] of both parts before anything is rounded."""
    of_deep, of_wide = deep_logits(deep, dataset), wide.logits(token_ids(dataset))
    blended: NDArray[np.float32] = (1 - share) * of_deep + share * of_wide
    return blended


def parity(
    model: Path, reference: NDArray[np.float32], books: list[dict[str, Any]], truth: metrics.Marks
) -> dict[str, float]:
    """Compare a model folder with float32's scores, at float32's best global threshold.

    Args:
        model: the folder.
        reference: `float32_logits` of the books with their titles.
        books: of any split.
        truth: [books, labels].
    """
    p32 = sigmoid(reference)
    p8 = sigmoid(book_logits(Predictor.load(model), books, with_title=True))
    threshold = best_global_threshold(truth, p32)
    decided = p32 >= threshold, p8 >= threshold
    return {
        "books": len(books),
        "flips": float((decided[0] != decided[1]).sum() / decided[0].sum()),
        "mean_shift": float(np.abs(p32 - p8).mean()),
        "micro_f1_float32": metrics.micro_f1(truth, decided[0]),
        "micro_f1_int8": metrics.micro_f1(truth, decided[1]),
        "macro_f1_float32": metrics.macro_f1(truth, decided[0]),
        "macro_f1_int8": metrics.macro_f1(truth, decided[1]),
        "map_float32": metrics.mean_average_precision(truth, p32),
        "map_int8": metrics.mean_average_precision(truth, p8),
    }


def _spec(version: str, encoder: str, labels: list[str], share: float) -> dict[str, Any]:
    known = vocabulary()
    return {
        "version": version,
        "encoder": encoder,
        "max_tokens": settings("export")["max_tokens"],
        "wide_share": share,
        "brevity": Brevity(settings("calibrate")["whole"], 0.0)._asdict(),
        "labels": [
            {"name": name, "facet": known[name].facet, "scale": 1.0, "shift": 0.0, "threshold": 0.5}
            for name in labels
        ],
    }
