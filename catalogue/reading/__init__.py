"""Readers: one module a format, each imported only when a file of its kind is opened."""
