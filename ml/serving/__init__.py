"""The parts of one prediction: the text, its tokens, the model folder, contributions."""
