from __future__ import annotations

import subprocess
import sys

import pytest

from cartload.testing import contracts


@pytest.mark.parametrize("name", contracts.__all__)
def test_every_contract_is_found_under_its_name(name: str) -> None:
    contract = getattr(contracts, name)
    assert contract.__name__ == name
    assert contract.__doc__


def test_what_is_no_contract_is_not_found() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Storage'"):
        _ = contracts.Storage


@pytest.mark.parametrize("name", contracts.__all__)
def test_every_promise_is_stated(name: str) -> None:
    contract = getattr(contracts, name)
    tests = [getattr(contract, test) for test in dir(contract) if test.startswith("test_")]
    assert tests
    assert [test.__name__ for test in tests if not test.__doc__] == []


def test_the_kit_is_cheap_to_import() -> None:
    program = "import sys, cartload.testing; print(len({'pytest', 'pydicom', 'attrs'} & set(sys.modules)))"
    done = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "0\n"
