"""The stages that train: fine-tuning, distillation, rounding, and the table of word pieces."""
