# SPDX-License-Identifier: MIT
"""The program `isopixel`."""

import sys


def main() -> None:
    """Runs the command line, or reports which packages it lacks."""
    try:
        from isopixel._cli import run
    except ModuleNotFoundError as error:
        if error.name not in ("click", "PIL"):
            raise
        print("isopixel: the command line needs more packages: pip install 'isopixel[cli]'", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:  # before run, which handles all others
        print("isopixel: interrupted", file=sys.stderr)
        sys.exit(130)
    sys.exit(run())


if __name__ == "__main__":
    main()
