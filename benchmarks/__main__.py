"""Runs the cases and prints a table; the exit code is 1 when a limit is not kept."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.cases import CASES, Line


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}; all by default")
    parser.add_argument("--rounds", type=int, default=5, help="how often each command is measured")
    parser.add_argument("--folder", type=Path, help="where to download to, such as a tmpfs")
    given = parser.parse_args()
    unknown = set(given.cases) - set(CASES)
    if unknown:
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    lines: list[Line] = []
    for name in given.cases or CASES:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            lines += CASES[name](Path(folder), given.rounds)
    show(lines)
    return 0 if all(line.holds for line in lines) else 1


def show(lines: list[Line]) -> None:
    """Print the figures as a Markdown table."""
    print("| case | figure | limit | kept | median wall times |")
    print("| --- | --- | --- | --- | --- |")
    for line in lines:
        kept = "yes" if line.holds else "**no**"
        print(f"| {line.case} | {line.figure} | {line.limit} | {kept} | {line.detail} |")


if __name__ == "__main__":
    sys.exit(main())
