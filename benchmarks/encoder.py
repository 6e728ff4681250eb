"""One text of 200 tokens against plain all-MiniLM-L6-v2 in INT8, on one thread each.

The plain model is the encoder that training starts from with a head of as many labels, exported by
torch with its attention written out and quantised by onnxruntime's defaults: signed weights, one
scale a tensor. Both are timed from the text to the scores, tokenizing included.
"""

import time
from pathlib import Path
from typing import Any

from benchmarks.site import ROOT
from benchmarks.texts import SENTENCES
from ml.network.encoder import DEFAULT_ENCODER, encoder_path
from ml.predictor import Predictor

FOLDER = ROOT / "runs" / "plain"
TOKENS = 200
PAIRS = 200

Figures = dict[str, Any]


def build(folder: Path, labels: int) -> None:
    """Write the plain model (needs the training requirements)."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from transformers import AutoModelForSequenceClassification

    folder.mkdir(parents=True, exist_ok=True)
    model = AutoModelForSequenceClassification.from_pretrained(
        encoder_path(DEFAULT_ENCODER), num_labels=labels, attn_implementation="eager"
    ).eval()
    full = folder / "float.onnx"
    ids = torch.arange(5, 37).unsqueeze(0)
    torch.onnx.export(
        model,
        (ids, torch.ones_like(ids)),
        str(full),
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        dynamic_axes={name: {0: "batch", 1: "tokens"} for name in ("input_ids", "attention_mask")},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(full, folder / "model.onnx", weight_type=QuantType.QInt8)
    full.unlink()


def figures() -> Figures:
    """Time both in pairs, in turns."""
    import numpy as np
    import onnxruntime
    from tokenizers import Tokenizer

    predictor = Predictor.load()
    if not (FOLDER / "model.onnx").exists():
        build(FOLDER, len(predictor.labels))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(FOLDER / "model.onnx"), options)
    tokenizer = Tokenizer.from_file(str(Path(encoder_path(DEFAULT_ENCODER)) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    text = _text_of(TOKENS, predictor)

    def plain() -> None:
        ids = np.array([tokenizer.encode(text).ids[:TOKENS]])
        session.run(["logits"], {"input_ids": ids, "attention_mask": np.ones_like(ids)})

    ours: list[float] = []
    theirs: list[float] = []
    for place in range(PAIRS + 10):
        for times, run in ((ours, lambda: predictor.logits(text)), (theirs, plain)):
            started = time.perf_counter()
            run()
            if place >= 10:
                times.append(time.perf_counter() - started)
    ours.sort()
    theirs.sort()
    return {
        "tokens": TOKENS,
        "p50_ms": round(1000 * ours[PAIRS // 2], 2),
        "plain_p50_ms": round(1000 * theirs[PAIRS // 2], 2),
        "ratio": round(ours[PAIRS // 2] / theirs[PAIRS // 2], 2),
        "pairs": PAIRS,
    }


def _text_of(tokens: int, predictor: Predictor) -> str:
    """Return a description that the predictor reads as exactly so many tokens."""
    words = " ".join(SENTENCES).split()
    for count in range(len(words)):
        text = " ".join(words[:count])
        read = predictor.predict(text).tokens
        if read >= tokens:
            return text + " a" * (tokens - read)
    raise RuntimeError(f"the sentences have fewer than {tokens} tokens")
