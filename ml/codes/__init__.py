"""What stores and libraries file a book under, from its genres and its own words."""

from ml.codes.answer import Code, Codes, codes_for

__all__ = ["Code", "Codes", "codes_for"]
