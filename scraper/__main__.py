"""`python -m scraper COMMAND ...`."""

import sys

from scraper.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
