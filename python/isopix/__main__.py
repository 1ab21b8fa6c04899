# SPDX-License-Identifier: MIT
"""The program `isopix`."""

import sys


def main() -> None:
    """Runs the command line, or says what it needs."""
    try:
        from isopix.cli import run
    except ModuleNotFoundError as error:
        if error.name not in ("click", "PIL"):
            raise
        print("isopix: the command line needs more packages: pip install 'isopix[cli]'", file=sys.stderr)
        sys.exit(2)
    sys.exit(run())


if __name__ == "__main__":
    main()
