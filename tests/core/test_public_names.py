"""The public names: all there, loaded when first used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import cartload

HEAVY = ("attrs", "cattrs", "pluggy", "pydicom", "urllib3", "cartload.session")


@pytest.mark.parametrize("name", cartload.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(cartload, name) is not None


def test_public_names_are_what_they_are_at_home() -> None:
    from cartload.plan import Plan  # noqa: PLC0415 - beside the lazy name
    from cartload.session import Session  # noqa: PLC0415 - likewise

    assert cartload.Plan is Plan
    assert cartload.Session is Session


def test_another_name_is_missing_as_it_is_in_any_module() -> None:
    with pytest.raises(AttributeError, match="module 'cartload' has no attribute 'Basket'"):
        cartload.Basket  # noqa: B018 - the look-up is the point


def test_importing_cartload_loads_nothing_heavy() -> None:
    program = f"import sys, cartload; print(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - this interpreter
    assert done.stdout.split() == []
