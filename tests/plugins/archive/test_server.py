from __future__ import annotations

import http.client
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import urllib3
from urllib3.exceptions import ProtocolError, SSLError

from cartload.model import SOPInstanceUID
from cartload.testing.catalogue import ArchiveImage, ArchiveSeries, Catalogue
from cartload_archive import ArchiveServer
from plugins.archive.client import Client, tar_names


def test_requests_are_noted_with_what_was_asked_and_answered(catalogue: Catalogue) -> None:
    with ArchiveServer(catalogue) as server, Client(server) as client:
        client.cart(catalogue.public[:2])
        client.rest("v1/getSeriesSize", SeriesInstanceUID="1.2.3")
        first, second = server.requests
    assert (first.method, first.path, first.status) == (
        "POST",
        "/nbia-download/servlet/DownloadServletV4",
        200,
    )
    assert first.form[0] == ("numberOfSeries", "2")
    assert (second.method, second.query, second.status) == ("GET", (("SeriesInstanceUID", "1.2.3"),), 200)
    assert second.value("SeriesInstanceUID") == "1.2.3"


def test_connections_are_kept_alive(catalogue: Catalogue) -> None:
    with ArchiveServer(catalogue) as server, Client(server) as client:
        for _ in range(3):
            client.series(catalogue.public[1])
            client.cart(["1.2.3"])
        assert server.connections == 1


def test_connections_are_served_at_the_same_time(catalogue: Catalogue) -> None:
    with ArchiveServer(catalogue) as server, Client(server) as client, ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(client.series, catalogue.public))
    assert [len([name for name in tar_names(answer) if "^" in name]) for answer in answers] == [
        catalogue.series[uid].record.image_count for uid in catalogue.public
    ]


@pytest.mark.parametrize("path", ["/", "/nbia-api/", "/nbia-download/servlet/", "/nbia-api/services/v1/"])
def test_other_paths_are_not_found(client: Client, path: str) -> None:
    assert client.pool.request("GET", client.server.url + path).status == 404


@pytest.mark.parametrize(
    ("headers", "status"), [({"Transfer-Encoding": "chunked"}, 411), ({"Content-Length": "99999999999"}, 413)]
)
def test_a_form_must_have_a_bearable_length(client: Client, headers: dict[str, str], status: int) -> None:
    host, _, port = client.server.url.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port))
    connection.request("POST", "/", headers=headers)
    assert connection.getresponse().status == status
    connection.close()


def test_a_client_that_goes_away_is_no_failure_of_the_server(catalogue: Catalogue) -> None:
    with ArchiveServer(catalogue) as server:
        host, _, port = server.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(b"POST /nbia-download/servlet/DownloadServletV4 HTTP/1.1\r\nContent-Le")
        with Client(server) as client:
            assert client.cart(catalogue.public).status == 200


def test_a_failure_of_the_server_itself_is_raised_when_it_closes(catalogue: Catalogue) -> None:
    record = catalogue.series[catalogue.public[0]].record
    image = ArchiveImage(SOPInstanceUID("1." * 50 + "1"), 1, 1, b"too long a name for a member")
    broken = Catalogue([ArchiveSeries.of(record, [image])])
    with pytest.raises(ExceptionGroup) as caught, ArchiveServer(broken) as server, Client(server) as client:
        assert _is_cut_off(client, record.series_uid)
    assert caught.group_contains(ValueError, match="ustar")


def _is_cut_off(client: Client, uid: str) -> bool:
    try:
        client.series(uid)
    except ProtocolError:
        return True
    return False


def test_the_archive_can_be_had_over_tls(catalogue: Catalogue) -> None:
    certificate = Path(__file__).with_name("loopback.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    trusting = urllib3.PoolManager(retries=False, ca_certs=str(certificate))
    with ArchiveServer(catalogue, ssl_context=context) as server, Client(server, trusting) as client:
        assert server.url.startswith("https://127.0.0.1:")
        assert client.series(catalogue.public[0]).status == 200


def test_a_client_that_does_not_trust_the_server_is_no_failure_of_it(catalogue: Catalogue) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).with_name("loopback.pem"))
    with ArchiveServer(catalogue, ssl_context=context) as server, Client(server) as client:
        with pytest.raises(SSLError):
            client.series(catalogue.public[0])
        assert server.requests == ()


def test_a_closed_server_is_gone_and_its_port_can_be_had_again(catalogue: Catalogue) -> None:
    with ArchiveServer(catalogue) as server, Client(server) as client:
        assert client.cart(catalogue.public).status == 200
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(OSError, match=r".*"):
        socket.create_connection(("127.0.0.1", port)).close()
    with ArchiveServer(catalogue, port=port) as again, Client(again) as client:
        assert client.cart(catalogue.public).status == 200
