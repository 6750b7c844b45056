"""A cart that a collection names is fetched from a real server, as a guest."""

from __future__ import annotations

from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

import cartload_plugins.manifests
from cartload import registry
from cartload.errors import ManifestError
from cartload.manifest import ManifestSource
from cartload.ports import ReaderContext

if TYPE_CHECKING:
    from collections.abc import Iterator

CART = (
    b"downloadServerUrl=https://archive.example.org/nbia-download/servlet/DownloadServlet\n"
    b"ListOfSeriesToDownload=\n1.2.3\n"
)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/carts/a.tcia" and "Authorization" not in self.headers
        content = CART if found else b"there is no such cart"
        self.send_response(200 if found else 401 if self.path == "/private" else 404)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called in the base
        """Keep the test's output clean."""


@contextmanager
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        thread = Thread(target=serving.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{serving.server_port}"
        finally:
            serving.shutdown()
            thread.join()


def collection(address: str) -> ManifestSource:
    return ManifestSource("c.xml", f"<TCIACollection><URL>{address}</URL></TCIACollection>".encode())


def test_a_named_cart_is_fetched_and_read() -> None:
    loaded = registry.load([registry.Source("manifests", cartload_plugins.manifests)])
    reader = registry.make(loaded.manifest_readers, "xml", ReaderContext(), {})
    with server() as host:
        assert reader.read(collection(f"{host}/carts/a.tcia")).series == ("1.2.3",)


@pytest.mark.parametrize("path", ["b.tcia", "private"])
def test_a_cart_that_a_guest_cannot_have_is_told_with_its_address(path: str) -> None:
    loaded = registry.load([registry.Source("manifests", cartload_plugins.manifests)])
    reader = registry.make(loaded.manifest_readers, "xml", ReaderContext(), {})
    with server() as host, pytest.raises(ManifestError, match=rf"{path}' could not be had"):
        reader.read(collection(f"{host}/{path}"))
