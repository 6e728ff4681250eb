"""What stores and libraries file a book under, from its genres and its own words."""

from ml.codes.answer import Code, Codes, codes_for
from ml.codes.bisac import Bisac

__all__ = ["Bisac", "Code", "Codes", "codes_for"]
