"""From a finished run to the model folder: the ONNX file, calibration and thresholds."""
