"""Runs nginx from a folder of its own: series archives come from files, the rest from behind it."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.redirecting import INTERNAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.certificates import Pair

CAP = 10 * 1024 * 1024
"""Bytes a second on each connection to the capped address."""

OPEN = "/open-archives/"
"""Where anybody may get a series archive by its name, for programs that can only do that."""

_PATIENCE = 10.0


@contextmanager
def nginx(folder: Path, behind: str, archives: Path, pair: Pair) -> Iterator[tuple[str, str, str]]:
    """Serve on loopback while the block runs; gives the plain, the encrypted and the capped address."""
    plain, secure, capped = _free_ports(3)
    configuration = folder / "nginx.conf"
    server = f"""
        client_max_body_size 64m;
        location / {{ proxy_pass {behind}; }}
        location {INTERNAL} {{ internal; alias {archives}/; }}
        location {OPEN} {{ alias {archives}/; }}
    """
    tls = f"ssl_certificate {pair.certificate}; ssl_certificate_key {pair.key};"
    temporary = " ".join(
        f"{kind}_temp_path {folder}/nginx-{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration.write_text(
        f"""
        {_user()}
        daemon off;
        worker_processes 2;
        pid {folder}/nginx.pid;
        error_log {folder}/nginx.log;
        events {{ worker_connections 256; }}
        http {{
            sendfile on; access_log off; keepalive_requests 100000; {temporary}
            default_type application/x-tar;
            server {{ listen 127.0.0.1:{plain}; {server} }}
            server {{ listen 127.0.0.1:{secure} ssl; {tls} {server} }}
            server {{ listen 127.0.0.1:{capped} ssl; {tls} limit_rate {CAP}; {server} }}
        }}
        """,
        encoding="utf-8",
    )
    command = ["nginx", "-p", str(folder), "-e", str(folder / "nginx.log"), "-c", str(configuration)]
    with subprocess.Popen(command) as process:
        try:
            _await(capped, process)
            yield f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{secure}", f"https://127.0.0.1:{capped}"
        finally:
            process.terminate()


def _user() -> str:
    """Have root's nginx stay root: it would become somebody who may not read our folder."""
    return f"user {pwd.getpwuid(0).pw_name};" if os.geteuid() == 0 else ""


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return
