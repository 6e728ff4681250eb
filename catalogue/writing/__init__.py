"""Answers written beside the columns of the file that they were asked for."""
