"""From measured covers to the table of hues, and how well it is known."""
