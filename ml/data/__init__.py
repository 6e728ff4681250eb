"""From raw rows to books with labels, as token ids and targets."""
