"""One download by the library, timed from inside: from the first request to the last publication.

What every process does once (starting, importing, finding plugins) is done before, by an inspection of the
same cart. Prints ``session`` and ``session_cpu`` in seconds.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from cartload import load_manifest
from cartload import registry as registries
from cartload.events import Asked, ManifestRead, PolicyQuestion, SeriesStored
from cartload.session import Session
from cartload.settings import Settings, merge

if TYPE_CHECKING:
    from cartload.events import Event


class Stopwatch:
    """Takes the time when the manifest is read, just before the first request, and of each series stored."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.first = self.last = self._now()

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()

    def __call__(self, event: Event) -> None:
        """Listen to the session, and accept the policy."""
        match event:
            case ManifestRead():
                self.first = self._now()
            case SeriesStored():
                self.last = self._now()
            case Asked(PolicyQuestion() as question):
                self._session.answer(question, answer=True)
            case _:
                pass


def main(manifest: str, directory: str, jobs: str, ca_file: str) -> int:
    """Download once, and print how long it took."""
    options = {"nbia": {"ca_file": ca_file}} if ca_file else {}
    settings = merge(Settings(), {"jobs": int(jobs), "transport": "nbia", "plugins": options}, "benchmark")
    source = load_manifest(Path(manifest))
    registry = registries.load(registries.installed())
    with Session(source, Path(directory), settings, registry) as session:
        session.inspect()
    with Session(source, Path(directory), settings, registry) as session:
        watch = Stopwatch(session)
        session.subscribe(watch)
        session.prepare()
        report = session.run()
    wall, cpu = (last - first for first, last in zip(watch.first, watch.last, strict=True))
    print(json.dumps({"session": wall, "session_cpu": cpu}))
    return 1 if report.shortfalls else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
