"""The least a process can hold that answers by onnxruntime: our tokenizer, and a model of one node.

python -m benchmarks.library_floor build MODEL
python -m benchmarks.library_floor serve MODEL < texts.jsonl > answers.jsonl
"""

import json
import sys
from pathlib import Path

TOKENIZER = Path(__file__).parents[1] / "models" / "genre-hues" / "tokenizer.json"


def build(model: Path) -> None:
    """Write a model that returns what it is given."""
    import onnx
    from onnx import TensorProto, helper

    ids, same = (
        helper.make_tensor_value_info(name, TensorProto.INT64, ["tokens"])
        for name in ("ids", "same")
    )
    graph = helper.make_graph([helper.make_node("Identity", ["ids"], ["same"])], "", [ids], [same])
    operators = helper.make_opsetid("", 17)
    onnx.save(helper.make_model(graph, opset_imports=[operators], ir_version=8), model)


def serve(model: Path) -> None:
    """Answers each line of standard input, a JSON string, with how many tokens it has."""
    import numpy as np
    import onnxruntime
    from tokenizers import Tokenizer

    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    for line in sys.stdin:
        ids = np.array(tokenizer.encode(json.loads(line)).ids, dtype=np.int64)
        print(json.dumps({"tokens": len(session.run(None, {"ids": ids})[0])}), flush=True)


if __name__ == "__main__":
    {"build": build, "serve": serve}[sys.argv[1]](Path(sys.argv[2]))
