"""From book descriptions to a small model of their genres, stage by stage."""
