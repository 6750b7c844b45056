"""A secret that was given is nowhere afterwards but at the archive that it was given for."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from archive_carts import write_cart
from cartload_archive import ArchiveServer, Ending, Fault
from command_line import CARTLOAD, Result
from small_carts import a_catalogue, a_record, a_series

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from command_line import CommandLine

CANARY = "canary-5f1c0d2e9a7b"

TROUBLES = (
    Fault(),
    Fault(status=403),
    Fault(status=500),
    Fault(status=200),
    Fault(status=302, location="http://archive.example.org/?x=1"),
    Fault(vanish=True),
    Fault(cut_after=500, ending=Ending.BROKEN),
    Fault(corrupt=1),
)
"""What befalls one series each: an error, a page, a redirect, a stream that is cut or damaged."""
REFUSED = (Fault(status=401),) * len(TROUBLES)


def download(cartload: CommandLine, server: ArchiveServer, cart: Path, transport: str, *more: str) -> Result:
    """Download with a token, telling as much as can be told, in every form."""
    folder = cart.parent
    words: list[str | Path] = [
        CARTLOAD, "download", cart, "--accept-policy", "--verbose", "-d", folder / "out", "--retries", "1",
        "--transport", transport, "--set", f"bearer.origin={server.url}", *more,
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603 - our own command
        words,
        env={**cartload.environment, "CARTLOAD_TOKEN": CANARY, "CARTLOAD_AUTHENTICATOR": "bearer"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def written(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Give every file below a folder, names included: logs, reports, journals, what is staged and stored."""
    for path in folder.rglob("*"):
        yield path.as_posix(), path.read_bytes() if path.is_file() else b""


@pytest.mark.parametrize("troubles", [TROUBLES, REFUSED], ids=["all sorts", "refused"])
@pytest.mark.parametrize("transport", ["nbia", "nbia-rest"])
def test_a_token_is_nowhere_but_at_its_archive_whatever_goes_wrong(
    cartload: CommandLine, tmp_path: Path, transport: str, troubles: Sequence[Fault]
) -> None:
    catalogue = a_catalogue(a_series(a_record(number)) for number in range(len(troubles)))
    faults = dict(zip(catalogue.series, troubles, strict=True))
    with ArchiveServer(catalogue, faults=faults) as server:
        cart = write_cart(tmp_path, server, catalogue)
        told = [
            download(cartload, server, cart, transport, "--report", str(tmp_path / "report.txt")),
            download(cartload, server, cart, transport, "--json", "--report", str(tmp_path / "report.html")),
        ]
        heard = [CANARY in request.headers.get("authorization", "") for request in server.requests]
        asked = "".join(f"{request.path}{request.query}{request.form}" for request in server.requests)
    assert any(heard), told
    assert all(result.exit_code for result in told)
    assert CANARY not in asked
    assert all(CANARY not in result.out + result.err for result in told)
    assert [name for name, content in written(tmp_path) if CANARY in name or CANARY.encode() in content] == []
    assert any(name.endswith(".log") for name, _ in written(tmp_path / "home"))
