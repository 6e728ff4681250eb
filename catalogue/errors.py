"""What can be wrong with a whole file, in one sentence for the person who brought it."""


class CatalogueError(Exception):
    """A file cannot be read or written as asked; the message says what was found and expected."""
