"""The errors a person can cause and mend; the command line turns them into one clear line."""


class InputError(Exception):
    """An input file, row or option is not what was expected (exit code 2)."""


class CheckFailedError(Exception):
    """A stage ran but its result did not pass the stated bound (exit code 1)."""
