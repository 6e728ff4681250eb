"""What rounding costs in answers, in three ways of quantising the matrices of the same model.

    python -m benchmarks.quantise runs/model/data/books.jsonl.gz --run runs/model

Compares each with float32 on books of the dev split and writes results/quantise.json.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from benchmarks import report
from ml.data.dataset import BlurbDataset, load_books, targets
from ml.network.ngram_table import Wide
from ml.packaging.export import float32_logits, parity
from ml.predictor import Predictor
from ml.serving.model_folder import DEFAULT_MODEL, write_sums
from ml.settings import settings
from ml.training.finished_runs import load_deep

RESULTS = Path(__file__).parent / "results" / "quantise.json"
BOOKS = 300
WAYS: dict[str, dict[str, bool]] = {
    "eight bits, a scale a tensor": {},
    "eight bits, a scale a channel": {"per_channel": True},
    "seven bits, a scale a channel (ships)": {"per_channel": True, "reduce_range": True},
}
KEPT = ("books", "flips", "mean_shift", "micro_f1_float32", "micro_f1_int8")


def main() -> None:
    """Read the command line, quantise, compare and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="books.jsonl.gz of `python -m ml preprocess`")
    parser.add_argument("--run", type=Path, required=True, help="folder with model.fp32.onnx")
    arguments = parser.parse_args()
    full = arguments.run / "model.fp32.onnx"
    books = load_books(arguments.data, "dev")[:BOOKS]
    predictor = Predictor.load()
    deep, labels, tokenizer = load_deep(arguments.run)
    wide = Wide.load(arguments.run / "wide.safetensors").strongest(
        settings("wide")["kept_features"]
    )
    whole = BlurbDataset(books, tokenizer, predictor.max_tokens, title_share=1.0)
    reference = float32_logits(deep, wide, predictor.wide_share, whole)
    truth = targets(books, labels).astype(bool)
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for path in DEFAULT_MODEL.iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
        with tempfile.TemporaryDirectory() as other:
            prepared = Path(other) / "prepared.onnx"
            quant_pre_process(str(full), str(prepared), skip_symbolic_shape=True)
            for name, options in WAYS.items():
                quantize_dynamic(
                    prepared,
                    folder / "model.onnx",
                    weight_type=QuantType.QInt8,
                    op_types_to_quantize=["MatMul"],
                    **options,
                )
                write_sums(folder)
                found = parity(folder, reference, books, truth)
                figures[name] = {key: found[key] for key in KEPT}
                print(name, json.dumps(figures[name]), flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n")
    report.write_page()


if __name__ == "__main__":
    main()
