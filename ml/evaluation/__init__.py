"""What the shipped model is worth: its figures, comparisons, and the pages that show them."""
