"""A client that speaks to the synthetic archive as the original retriever does, in single steps."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import urllib3
from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from cartload_archive import ArchiveServer


@frozen
class Client:
    server: ArchiveServer
    pool: urllib3.PoolManager = field(factory=lambda: urllib3.PoolManager(retries=False))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.clear()

    def post(
        self, url: str, form: Sequence[tuple[str, str]] = (), headers: dict[str, str] | None = None
    ) -> urllib3.BaseHTTPResponse:
        return self.pool.request("POST", url, fields=form, headers=headers, encode_multipart=False)

    def servlet(
        self, form: Sequence[tuple[str, str]], version: str = "V4", password: str | None = ""
    ) -> urllib3.BaseHTTPResponse:
        headers = None if password is None else {"password": password}
        return self.post(f"{self.server.servlet_url}{version}", form, headers)

    def cart(
        self, uids: Sequence[str], user: str = "", password: str | None = None, version: str = "V4"
    ) -> urllib3.BaseHTTPResponse:
        form = [("userId", user)] if user else []
        form.append(("numberOfSeries", str(len(uids))))
        form += [(f"series{number}", uid) for number, uid in enumerate(uids, 1)]
        return self.servlet(form, version, password)

    def series(
        self, uid: str, version: str = "V4", password: str | None = "", **fields: str
    ) -> urllib3.BaseHTTPResponse:
        form = {
            "userId": "",
            "sopUids": "",
            "seriesUid": uid,
            "includeAnnotation": "true",
            "hasAnnotation": "true",
            "Range": "bytes=0-",
            "password": "",
            "newFileNames": "Yes",
            "getMD5Hash": "Yes",
        }
        return self.servlet(tuple({**form, **fields}.items()), version, password)

    def rest(self, call: str, token: str | None = None, **parameters: str) -> urllib3.BaseHTTPResponse:
        headers = {"Authorization": f"Bearer {token}"} if token else None
        return self.pool.request(
            "GET", f"{self.server.api_url}/services/{call}", fields=parameters, headers=headers
        )

    def metadata(self, form: Sequence[tuple[str, str]], token: str | None = None) -> urllib3.BaseHTTPResponse:
        headers = {"Authorization": f"Bearer {token}"} if token else None
        return self.post(f"{self.server.api_url}/services/v4/getSeriesMetadata", form, headers)

    def login(self, name: str, password: str) -> urllib3.BaseHTTPResponse:
        form = (("grant_type", "password"), ("client_id", "NBIA"), ("username", name), ("password", password))
        return self.post(f"{self.server.api_url}/oauth/token", form)

    def token(self, name: str, password: str) -> str:
        return str(json.loads(self.login(name, password).data)["access_token"])


def tar_names(answer: urllib3.BaseHTTPResponse) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(answer.data)) as archive:
        return archive.getnames()


def tar_contents(answer: urllib3.BaseHTTPResponse) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(answer.data)) as archive:
        found = ((member.name, archive.extractfile(member)) for member in archive)
        return {name: stream.read() for name, stream in found if stream is not None}


def zip_contents(answer: urllib3.BaseHTTPResponse) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rows(answer: urllib3.BaseHTTPResponse) -> list[dict[str, Any]]:
    found = json.loads(answer.data)
    assert isinstance(found, list)
    return found
