"""The commands that are compared: cartload, and what a user would write instead."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

from benchmarks.nginx import OPEN
from benchmarks.tools import CARTLOAD

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.measuring import Command
    from benchmarks.serving import Served

_FORM = "userId=&sopUids=&includeAnnotation=false&hasAnnotation=false&newFileNames=Yes&getMD5Hash=Yes"


def cartload(archive: Served, folder: Path, jobs: int) -> Command:
    """Bring the cart home by the whole command, into a new folder each round."""
    trust = [] if archive.ca_file is None else ["--set", f"nbia.ca_file={archive.ca_file}"]
    name = f"cartload-{jobs}-{len(archive.uids)}"
    return lambda number: [
        CARTLOAD, "download", str(archive.manifest), "--transport", "nbia", *trust,
        "--quiet", "--accept-policy", "--jobs", str(jobs), "--directory", str(folder / f"{name}-{number}"),
    ]  # fmt: skip


def session(archive: Served, folder: Path, jobs: int) -> Command:
    """Do the same in a process that has started and imported all it needs, and times what then comes."""
    name = f"session-{jobs}-{len(archive.uids)}"
    return lambda number: [
        sys.executable, "-m", "benchmarks.session_process", str(archive.manifest),
        str(folder / f"{name}-{number}"), str(jobs), str(archive.ca_file or ""),
    ]  # fmt: skip


def script(archive: Served, folder: Path, jobs: int, *, check: bool = False) -> Command:
    """Do it by the script that a user would write: curl into tar, so many at once, perhaps with md5sum."""
    trust = "" if archive.ca_file is None else f"--cacert {shlex.quote(str(archive.ca_file))} "

    def command(number: int) -> list[str]:
        target = f"{shlex.quote(str(folder / f'script-{jobs}-{check}-{number}'))}/$0"
        fetch = (
            f"mkdir -p {target} && "
            f"curl -sSf {trust}-H 'password;' -d '{_FORM}&seriesUid='$0 {archive.servlet} "
            f"| tar x -C {target}" + (f" && md5sum {target}/*.dcm >/dev/null" if check else "")
        )
        uids = "\\n".join(archive.uids)
        return ["sh", "-c", f"printf '{uids}\\n' | xargs -P{jobs} -n1 sh -c {shlex.quote(fetch)}"]

    return command


def aria2(archive: Served, folder: Path, jobs: int) -> Command:
    """Fetch the series archives by aria2c, and leave them packed and unchecked."""
    addresses = folder / "aria2.txt"
    addresses.write_text("".join(f"{archive.url}{OPEN}{uid}.tar\n" for uid in archive.uids), encoding="ascii")
    trust = [] if archive.ca_file is None else [f"--ca-certificate={archive.ca_file}"]
    return lambda number: [
        "aria2c", "--quiet", "--no-conf", "--file-allocation=none", f"-j{jobs}", "-x1", "-s1", *trust,
        f"--dir={folder / f'aria2-{number}'}", f"--input-file={addresses}",
    ]  # fmt: skip
