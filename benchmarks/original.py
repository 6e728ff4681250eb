"""The original's serving path, rebuilt from public parts with random weights of the same shape.

What its deployment did for every text: a tokenizer from transformers' `AutoTokenizer`, token ids
cut at 512, a distilroberta-base classifier in ONNX with dynamically quantised unsigned weights,
and torch's sigmoid. The weights are random, so the answers mean nothing; time and memory are real.
The tokenizer is trained on the benchmark's own sentences and thus needs fewer tokens a text than
the real one, which is in the original's favour.

    python -m benchmarks.original build FOLDER
    python -m benchmarks.original serve FOLDER [--threads N] < texts.jsonl > answers.jsonl
"""

import argparse
import json
import sys
from pathlib import Path

LABELS = 141
MAX_TOKENS = 512


def build(folder: Path) -> None:
    """Write the tokenizer and the quantised model that `serve` loads (needs torch; a minute)."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from tokenizers import ByteLevelBPETokenizer
    from transformers import RobertaConfig, RobertaForSequenceClassification, RobertaTokenizerFast

    from benchmarks.texts import SENTENCES

    folder.mkdir(parents=True, exist_ok=True)
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    bpe = ByteLevelBPETokenizer()
    bpe.train_from_iterator(SENTENCES, vocab_size=50_265, min_frequency=1, special_tokens=special)
    bpe.save(str(folder / "bpe.json"))
    RobertaTokenizerFast(tokenizer_file=str(folder / "bpe.json")).save_pretrained(folder)

    # distilroberta-base: 6 layers of RoBERTa's width (https://huggingface.co/distilroberta-base).
    config = RobertaConfig(
        vocab_size=50_265,
        num_hidden_layers=6,
        max_position_embeddings=514,
        type_vocab_size=1,
        num_labels=LABELS,  # type: ignore[call-arg]
    )
    torch.manual_seed(0)
    model = RobertaForSequenceClassification(config).eval()  # type: ignore[no-untyped-call]
    full = folder / "float.onnx"
    torch.onnx.export(
        model,
        (torch.arange(5, 37).unsqueeze(0),),
        str(full),
        input_names=["input_ids"],
        output_names=["logits"],
        dynamic_axes={"input_ids": {0: "batch", 1: "tokens"}, "logits": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(full, folder / "model.onnx", weight_type=QuantType.QUInt8)
    full.unlink()


def serve(folder: Path, threads: int) -> None:
    """Answers each line of standard input, a JSON string, with the labels over one half."""
    import onnxruntime
    import torch
    from transformers import AutoTokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    for line in sys.stdin:
        ids = tokenizer(json.loads(line))["input_ids"][:MAX_TOKENS]
        logits = session.run(None, {"input_ids": [ids]})[0]
        probabilities = torch.sigmoid(torch.FloatTensor(logits))[0].tolist()
        decided = [place for place, value in enumerate(probabilities) if value >= 0.5]
        print(json.dumps({"tokens": len(ids), "labels": decided}), flush=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("build", "serve"):
        command = commands.add_parser(name)
        command.add_argument("folder", type=Path)
        if name == "serve":
            command.add_argument("--threads", type=int, default=0, help="0: as onnxruntime likes")
    arguments = parser.parse_args()
    if arguments.command == "build":
        build(arguments.folder)
    else:
        serve(arguments.folder, arguments.threads)


if __name__ == "__main__":
    main()
