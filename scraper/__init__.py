"""From a bookshop's pages to training rows: polite, resumable, losing nothing it fetched."""

__version__ = "0.1.0"
