from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartload_qt.desktop.integration.default_application import with_default, without_default

KIND = "application/x-nbia-manifest-file"
OURS = "cartload.desktop"


def added(text: str) -> str:
    return with_default(text, KIND, OURS)


def taken(text: str) -> str:
    return without_default(text, KIND, OURS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"[Default Applications]\n{KIND}={OURS};\n"),
        (
            "[Default Applications]\ntext/html=firefox.desktop\n",
            f"[Default Applications]\n{KIND}={OURS};\ntext/html=firefox.desktop\n",
        ),
        (
            f"[Default Applications]\n{KIND}=other.desktop\n",
            f"[Default Applications]\n{KIND}={OURS};other.desktop;\n",
        ),
        (
            f"[Added Associations]\n{KIND}=other.desktop;\n",
            f"[Added Associations]\n{KIND}=other.desktop;\n\n[Default Applications]\n{KIND}={OURS};\n",
        ),
        (
            f"# mine\n[Default Applications]\n{KIND} = other.desktop;{OURS};\n\n[Removed Associations]\n",
            f"# mine\n[Default Applications]\n{KIND}={OURS};other.desktop;\n\n[Removed Associations]\n",
        ),
    ],
)
def test_cartload_comes_first_and_nobody_is_forgotten(before: str, after: str) -> None:
    assert added(before) == after


LINES = st.lists(
    st.sampled_from(
        [
            "[Default Applications]",
            "[Added Associations]",
            f"{KIND}=other.desktop;another.desktop;",
            "text/html=firefox.desktop;",
            "# a comment",
            "",
        ]
    ),
    max_size=12,
)


@given(LINES)
def test_a_second_time_changes_nothing(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    assert added(added(text)) == added(text)


@given(LINES)
def test_what_is_taken_back_leaves_what_was_there(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines).rstrip("\n")
    text = f"{text}\ntext/plain=editor.desktop\n"
    assert taken(added(text)) == text


def test_what_was_made_for_it_alone_goes_with_it() -> None:
    assert taken(added("")) == ""


@pytest.mark.parametrize("text", ["", "[Default Applications]\n", f"[Added Associations]\n{KIND}={OURS};"])
def test_without_it_nothing_is_changed(text: str) -> None:
    assert taken(text) == text
