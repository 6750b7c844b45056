from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
import urllib3
from urllib3.exceptions import ProtocolError

from cartload_archive import ArchiveServer, Ending, Fault, Stall, Strike
from plugins.archive.client import Client, rows, tar_contents, tar_names, zip_contents

if TYPE_CHECKING:
    from cartload.model import SeriesUID
    from cartload.testing.archive import Catalogue


@pytest.fixture
def uid(catalogue: Catalogue) -> SeriesUID:
    return catalogue.public[0]


def images(answer: urllib3.BaseHTTPResponse) -> list[str]:
    return [name.partition("^")[2] for name in tar_names(answer) if "^" in name]


def test_a_status_is_answered_so_many_times_and_then_no_more(catalogue: Catalogue, uid: SeriesUID) -> None:
    faults = {uid: Fault(status=503, times=2, retry_after=7)}
    with ArchiveServer(catalogue, faults=faults) as server, Client(server) as client:
        answers = [client.series(uid) for _ in range(3)]
        assert client.series(catalogue.public[1]).status == 200
    assert [answer.status for answer in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "7"
    assert b"HTTP Status 503 - Service Unavailable" in answers[0].data


def test_a_page_can_stand_where_data_should_be(catalogue: Catalogue, uid: SeriesUID) -> None:
    with ArchiveServer(catalogue, faults={uid: Fault(status=200)}) as server, Client(server) as client:
        answer = client.series(uid)
    assert (answer.status, answer.data[:15]) == (200, b"<!doctype html>")


def test_a_request_can_be_sent_elsewhere(catalogue: Catalogue, uid: SeriesUID) -> None:
    faults = {uid: Fault(status=307, location="http://127.0.0.1:9/elsewhere")}
    with ArchiveServer(catalogue, faults=faults) as server, Client(server) as client:
        answer = client.series(uid)
    assert (answer.status, answer.headers["Location"]) == (307, "http://127.0.0.1:9/elsewhere")


def test_a_fault_that_strikes_no_time_does_nothing(catalogue: Catalogue, uid: SeriesUID) -> None:
    with (
        ArchiveServer(catalogue, faults={uid: Fault(status=500, times=0)}) as server,
        Client(server) as client,
    ):
        assert client.series(uid).status == 200


def test_a_cut_behind_the_end_cuts_nothing(catalogue: Catalogue, uid: SeriesUID) -> None:
    faults = {uid: Fault(cut_after=10**9, stall=Stall(after=10**9))}
    with ArchiveServer(catalogue, faults=faults) as server, Client(server) as client:
        assert len(images(client.series(uid))) == 84


def test_lists_logins_and_tables_can_fail_by_their_name(catalogue: Catalogue) -> None:
    names = (
        "DownloadServletV4",
        "DownloadServletVersion",
        "token",
        "getSeriesMetadata",
        "getUserAgreementTxt",
    )
    faults = {name: Fault(status=500, times=1) for name in names}
    with ArchiveServer(catalogue, faults=faults) as server, Client(server) as client:
        for expected in (500, 200):
            assert client.cart(catalogue.public).status == expected
            assert client.servlet([("os", "x")], "Version").status == expected
            assert client.login("nbia_guest", "").status == expected
            assert client.metadata([("list", catalogue.public[0])]).status == expected
            assert client.rest("v1/getUserAgreementTxt").status == expected


def test_a_stream_can_be_cut_as_if_it_were_complete(catalogue: Catalogue, uid: SeriesUID) -> None:
    faults = {uid: Fault(cut_after=1000, ending=Ending.PROPER)}
    with ArchiveServer(catalogue, faults=faults) as server, Client(server) as client:
        answer = client.series(uid)
    assert (answer.status, len(answer.data)) == (200, 1000)


@pytest.mark.parametrize("ending", [Ending.BROKEN, Ending.RESET])
def test_a_stream_can_be_cut_by_dropping_the_connection(
    catalogue: Catalogue, uid: SeriesUID, ending: Ending
) -> None:
    faults = {uid: Fault(cut_after=300_000, ending=ending, times=1)}
    with ArchiveServer(catalogue, faults=faults) as server, Client(server) as client:
        with pytest.raises(ProtocolError):
            client.series(uid)
        assert client.series(uid).status == 200


def test_a_list_can_be_cut(catalogue: Catalogue) -> None:
    faults = {"DownloadServletV4": Fault(cut_after=100, ending=Ending.PROPER)}
    with ArchiveServer(catalogue, faults=faults) as server, Client(server) as client:
        assert len(client.cart(catalogue.public).data) == 100


def test_a_stalled_stream_goes_on_when_it_is_released(catalogue: Catalogue, uid: SeriesUID) -> None:
    stall = Stall(after=5000)
    with ArchiveServer(catalogue, faults={uid: Fault(stall=stall)}) as server:
        form = {"seriesUid": uid, "newFileNames": "Yes"}
        with urllib3.PoolManager(retries=False) as pool:
            answer = pool.request(
                "POST",
                f"{server.servlet_url}V4",
                fields=form,
                headers={"password": ""},
                encode_multipart=False,
                preload_content=False,
            )
            first = answer.read(5000)
            assert stall.reached.wait(60)
            stall.released.set()
            rest = answer.read()
    assert len(first) == 5000
    assert len(rest) > 700_000


def test_a_stalled_stream_does_not_keep_the_server_from_closing(catalogue: Catalogue, uid: SeriesUID) -> None:
    stall = Stall()
    with urllib3.PoolManager(retries=False) as pool:
        with ArchiveServer(catalogue, faults={uid: Fault(stall=stall)}) as server:
            answer = pool.request(
                "GET", f"{server.api_url}/v4/getImage?SeriesInstanceUID={uid}", preload_content=False
            )
            assert stall.reached.wait(60)
        answer.close()


def test_an_image_can_be_dropped_in_silence(catalogue: Catalogue, uid: SeriesUID) -> None:
    with ArchiveServer(catalogue, faults={uid: Fault(drop=3)}) as server, Client(server) as client:
        answer = client.series(uid)
    names = images(answer)
    assert len(names) == 83
    assert "04-01.dcm" not in names
    assert b"04-01.dcm" not in tar_contents(answer)["md5hashes.csv"]


def test_the_md5_list_can_be_wrong_for_one_image(catalogue: Catalogue, uid: SeriesUID) -> None:
    with ArchiveServer(catalogue, faults={uid: Fault(wrong_md5=0)}) as server, Client(server) as client:
        lines = tar_contents(client.series(uid))["md5hashes.csv"].decode().splitlines()
    assert lines[1] == f"01-01.dcm,{'0' * 32}"
    assert lines[2] != f"02-01.dcm,{'0' * 32}"


def test_one_byte_can_be_altered(catalogue: Catalogue, uid: SeriesUID) -> None:
    call = {"SeriesInstanceUID": uid, "NewFileNames": "Yes", "IncludeMD5": "yes"}
    with ArchiveServer(catalogue, faults={uid: Fault(corrupt=1)}) as server, Client(server) as client:
        contents = zip_contents(client.rest("v4/getImage", **call))
    listed = dict(line.split(",") for line in contents["md5hashes.csv"].decode().splitlines())
    true = {
        name: hashlib.md5(content, usedforsecurity=False).hexdigest() for name, content in contents.items()
    }
    assert [name for name in true if listed.get(name, true[name]) != true[name]] == ["02-01.dcm"]


def test_a_member_can_have_a_hostile_name(catalogue: Catalogue, uid: SeriesUID) -> None:
    faults = {uid: Fault(rename=(0, "../../../evil.dcm"))}
    with ArchiveServer(catalogue, faults=faults) as server, Client(server) as client:
        assert "../../../evil.dcm" in tar_names(client.series(uid))


def test_a_series_can_vanish_after_it_was_listed(catalogue: Catalogue, uid: SeriesUID) -> None:
    with ArchiveServer(catalogue, faults={uid: Fault(vanish=True)}) as server, Client(server) as client:
        assert client.cart([uid]).status == 200
        assert rows(client.metadata([("list", uid), ("format", "json")]))
        assert client.series(uid).status == 403
        assert client.rest("v4/getImage", SeriesInstanceUID=uid).status == 400


def test_a_hook_decides_for_each_request(catalogue: Catalogue) -> None:
    seen: list[tuple[str, int]] = []

    def hook(strike: Strike) -> Fault | None:
        seen.append((strike.key, strike.attempt))
        return Fault(status=500) if strike.request.method == "GET" else None

    with ArchiveServer(catalogue, faults=hook) as server, Client(server) as client:
        assert client.rest("v1/getCollectionValues").status == 500
        assert [client.series(catalogue.public[0]).status for _ in range(2)] == [200, 200]
    assert seen == [("getCollectionValues", 1), (catalogue.public[0], 1), (catalogue.public[0], 2)]
