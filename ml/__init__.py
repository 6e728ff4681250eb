"""From book descriptions to a small model of their genres, stage by stage."""

import os

# onnxruntime reports its use to its makers unless told not to before it is imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
