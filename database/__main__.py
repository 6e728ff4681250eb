"""`python -m database upgrade`: bring the database of the settings up to date; `status`: look."""

import argparse
import sys
from collections.abc import Sequence

from database.location import StateError, database_url
from database.opening import open_engine, sessions
from database.upgrading import current, newest


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 up to date, 1 behind (`status`), 2 a database that cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m database", description=__doc__)
    parser.add_argument("command", choices=["upgrade", "status"])
    args = parser.parse_args(argv)
    try:
        if args.command == "upgrade":
            sessions()
        engine = open_engine(database_url())
        with engine.connect() as connection:
            found = current(connection)
        engine.dispose()
    except StateError as error:
        print(f"python -m database: {error}", file=sys.stderr)
        return 2
    print(f"migration {found or 'none'} of {newest()}")
    return 0 if found == newest() else 1


if __name__ == "__main__":
    sys.exit(main())
