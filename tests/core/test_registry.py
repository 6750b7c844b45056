"""The registry: every plugin alone, and what fails is named as itself."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import PurePosixPath
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from attrs import frozen

from cartload import registry
from cartload.errors import NamingError, PluginError, SettingsError
from cartload.hooks import (
    GROUP,
    cartload_authenticators,
    cartload_license_policies,
    cartload_manifest_readers,
    cartload_namings,
    cartload_storages,
    cartload_transports,
    hookimpl,
)
from cartload.ports import Factory, NamingContext
from cartload.registry import Kind, Registered, Source, blaming, describe_fault, load, make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cartload.model import ImageHeader, SeriesRecord
    from cartload.ports import NamingFactory


@frozen
class FlatOptions:
    depth: int = 1


@frozen
class FlatNaming:
    """Puts all in one place; keeps what it was made with."""

    context: NamingContext
    options: object
    attributes: frozenset[str] = frozenset()

    def directory(self, series: SeriesRecord) -> PurePosixPath:
        return PurePosixPath(series.series_uid)

    def file_names(self, series: SeriesRecord, images: Sequence[ImageHeader]) -> Sequence[str]:
        raise NotImplementedError


FLAT: NamingFactory = Factory(FlatNaming, FlatOptions, "all in one place")


def offering(*names: str, factory: NamingFactory = FLAT) -> object:
    """Make a plugin that offers namings."""

    class Plugin:
        @hookimpl
        def cartload_namings(self) -> Mapping[str, NamingFactory]:
            return dict.fromkeys(names, factory)

    return Plugin()


def answering(answer: Callable[[], object]) -> object:
    """Make a plugin whose hook gives whatever *answer* gives."""

    class Plugin:
        @hookimpl
        def cartload_namings(self) -> object:
            return answer()

    return Plugin()


GOOD = Source("good", offering("flat"), "cartload-good", "1.0")


def reasons(*sources: Source) -> dict[str, str]:
    """Load *sources* beside a good one, which must not suffer, and give why each of them failed."""
    for order in ((GOOD, *sources), (*sources, GOOD)):
        loaded = load(order)
        assert "flat" in loaded.namings
    return {failure.plugin: failure.reason for failure in loaded.failures}


@pytest.fixture
def importable(tmp_path: Path) -> Iterator[Path]:
    """Give a folder that modules and distributions can be imported from."""
    sys.path.insert(0, str(tmp_path))
    known = set(sys.modules)
    yield tmp_path
    sys.path.remove(str(tmp_path))
    for name in set(sys.modules) - known:
        del sys.modules[name]


def install(folder: Path, name: str, module: str, code: str, metadata: str | None = None) -> None:
    """Lay out a distribution as an installer does: a module, and metadata with an entry point."""
    (folder / f"{module}.py").write_text(code, "utf-8")
    info = folder / f"{name.replace('-', '_')}-2.5.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {module}\n", "utf-8")
    if metadata is not None:
        (info / "METADATA").write_text(metadata, "utf-8")


NAMED = "Metadata-Version: 2.1\nName: {}\nVersion: 2.5\n"
CODE = """
from cartload.hooks import cartload_namings, implements
from cartload.ports import Factory

@implements(cartload_namings)
def namings():
    return {"flat": Factory(lambda context, options: None)}
"""


# --- loading ------------------------------------------------------------------------------------


def test_what_a_plugin_offers_is_there_with_where_it_came_from() -> None:
    loaded = load([GOOD])
    assert loaded.namings == {"flat": Registered("flat", Kind.NAMING, FLAT, "cartload-good", "1.0")}
    assert loaded.failures == ()


def test_one_plugin_may_offer_several_kinds() -> None:
    factory: Factory[object, object] = Factory(lambda _, __: object())
    plugin = ModuleType("every_kind")
    hooks = (
        cartload_manifest_readers,
        cartload_transports,
        cartload_authenticators,
        cartload_namings,
        cartload_storages,
        cartload_license_policies,
    )
    for hook in hooks:
        setattr(plugin, hook.__name__, hookimpl(lambda: {"mine": factory}, specname=hook.__name__))
    loaded = load([Source("every", plugin)])
    offered = (
        loaded.manifest_readers,
        loaded.transports,
        loaded.authenticators,
        loaded.namings,
        loaded.storages,
        loaded.license_policies,
    )
    assert [set(names) for names in offered] == [{"mine"}] * 6
    assert [found.kind for found in loaded.all()] == list(Kind)


def test_all_lists_by_kind_and_then_by_name() -> None:
    loaded = load([Source("b", offering("zebra", "ape")), Source("a", offering("cat"))])
    assert [found.name for found in loaded.all()] == ["ape", "cat", "zebra"]


def test_a_plugin_that_offers_nothing_is_no_failure() -> None:
    assert reasons(Source("none", ModuleType("none"))) == {}
    assert reasons(Source("none", offering())) == {}


def test_nothing_at_all_is_a_registry_without_plugins() -> None:
    assert load([]).all() == ()


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_is_named_as_people_do(kind: Kind) -> None:
    assert kind.word.replace(" ", "_").upper() == kind.name


# --- entry points -------------------------------------------------------------------------------


def test_an_installed_distribution_is_found_without_importing_it(importable: Path) -> None:
    install(importable, "cartload-flat", "flat_plugin", CODE, NAMED.format("cartload-flat"))
    (source,) = (found for found in registry.installed() if found.name == "cartload-flat")
    assert (source.distribution, source.version) == ("cartload-flat", "2.5")
    assert "flat_plugin" not in sys.modules
    assert load([source]).namings["flat"].distribution == "cartload-flat"


@pytest.mark.parametrize("metadata", [None, "", "Metadata-Version: 2.1\n"])
def test_what_a_broken_installation_left_is_found_without_a_name(
    importable: Path, metadata: str | None
) -> None:
    install(importable, "cartload-flat", "flat_plugin", CODE, metadata)
    (source,) = (found for found in registry.installed() if found.name == "cartload-flat")
    assert (source.distribution, source.version) == ("(unknown)", "")
    assert "flat" in load([source]).namings


def test_installed_plugins_are_sorted_by_name() -> None:
    names = [source.name for source in registry.installed()]
    assert names == sorted(names)
    assert {"naming", "storage", "transports"} <= set(names)


def test_an_entry_point_without_a_distribution_is_found_without_a_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = EntryPoint("lost", "lost_plugin", GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry] if group == GROUP else [])
    assert registry.installed() == (Source("lost", entry, "(unknown)", ""),)


# --- what fails ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import no_such_module", "failed to load: ModuleNotFoundError: No module named 'no_such_module'"),
        ("1 / 0", "failed to load: ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "failed to load: SystemExit: 3"),
        ("def broken(:", "failed to load: SyntaxError: invalid syntax"),
        ("assert False", "failed to load: AssertionError"),
    ],
)
def test_a_plugin_that_does_not_import_is_named_and_hinders_no_other(
    importable: Path, code: str, reason: str
) -> None:
    (importable / "broken_plugin.py").write_text(code, "utf-8")
    said = reasons(Source("broken", EntryPoint("broken", "broken_plugin", GROUP), "cartload-broken"))
    assert said["broken"].startswith(reason)


def test_a_plugin_that_is_not_there_is_named() -> None:
    said = reasons(Source("gone", EntryPoint("gone", "gone_plugin:plugin", GROUP)))
    assert said == {"gone": "failed to load: ModuleNotFoundError: No module named 'gone_plugin'"}


def test_a_mistyped_hook_is_found() -> None:
    class Plugin:
        @hookimpl
        def cartload_nameings(self) -> Mapping[str, NamingFactory]:
            return {"other": FLAT}

    said = reasons(Source("typo", Plugin()))
    assert "unknown hook 'cartload_nameings'" in said["typo"]
    assert "\n" not in said["typo"]


def test_a_hook_with_arguments_that_it_does_not_have_is_found() -> None:
    class Plugin:
        @hookimpl
        def cartload_namings(self, settings: object) -> Mapping[str, NamingFactory]:
            raise NotImplementedError(settings)

    assert "cartload_namings" in reasons(Source("greedy", Plugin()))["greedy"]


def raise_it(error: BaseException) -> object:
    raise error


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda: raise_it(OSError("no licence file")), "OSError: no licence file"),
        (lambda: raise_it(SystemExit("no licence")), "SystemExit: no licence"),
        (lambda: None, "TypeError: 'NoneType' object is not iterable"),
        (lambda: "junk", "ValueError: "),
        (lambda: {"other": FlatNaming}, "TypeError: it offers "),
        (lambda: {7: FLAT}, "TypeError: it offers "),
    ],
)
def test_a_hook_that_raises_or_returns_junk_is_named(answer: Callable[[], object], reason: str) -> None:
    said = reasons(Source("junk", answering(answer)))
    assert said["junk"].startswith(f"cartload_namings failed: {reason}")


def test_a_hook_that_fails_takes_no_other_hook_of_its_plugin_down() -> None:
    class Plugin:
        @hookimpl
        def cartload_namings(self) -> Mapping[str, NamingFactory]:
            raise OSError("broken")

        @hookimpl
        def cartload_license_policies(self) -> object:
            return {"mine": Factory(lambda _, __: object())}

    loaded = load([Source("half", Plugin())])
    assert set(loaded.license_policies) == {"mine"}
    assert len(loaded.failures) == 1


def test_junk_beside_a_good_factory_is_refused_with_it() -> None:
    said = reasons(Source("mixed", answering(lambda: {"other": FLAT, "junk": 5})))
    assert "it offers 5 under 'junk'" in said["mixed"]


def test_a_keyboard_interrupt_is_nobodys_fault() -> None:
    with pytest.raises(KeyboardInterrupt):
        load([Source("slow", answering(lambda: raise_it(KeyboardInterrupt())))])


def test_the_same_module_under_two_names_is_registered_once() -> None:
    plugin = offering("other")
    loaded = load([Source("one", plugin), Source("two", plugin)])
    assert set(loaded.namings) == {"other"}
    assert [failure.plugin for failure in loaded.failures] == ["two"]


# --- two of one name ----------------------------------------------------------------------------


def test_two_of_one_name_are_an_error_that_names_both_and_neither_is_used() -> None:
    mine, yours = Source("a", offering("flat"), "mine"), Source("b", offering("flat", "other"), "yours")
    for order in ((mine, yours), (yours, mine)):
        loaded = load(order)
        assert set(loaded.namings) == {"other"}
        (failure,) = loaded.failures
        assert "the naming 'flat'" in failure.reason
        assert "mine" in failure.reason
        assert "yours" in failure.reason


def test_of_three_of_one_name_none_is_used() -> None:
    loaded = load([Source(name, offering("flat"), name) for name in ("a", "b", "c")])
    assert loaded.namings == {}
    assert [failure.distribution for failure in loaded.failures] == ["b", "c"]


def test_two_of_one_name_and_different_kinds_get_along() -> None:
    class Plugin:
        @hookimpl
        def cartload_license_policies(self) -> object:
            return {"flat": Factory(lambda _, __: object())}

    loaded = load([GOOD, Source("policy", Plugin())])
    assert loaded.failures == ()
    assert (set(loaded.namings), set(loaded.license_policies)) == ({"flat"}, {"flat"})


# --- blocking -----------------------------------------------------------------------------------


def test_a_blocked_entry_point_is_not_even_imported(importable: Path) -> None:
    (importable / "broken_plugin.py").write_text("1 / 0", "utf-8")
    entry = EntryPoint("broken", "broken_plugin", GROUP)
    loaded = load([GOOD, Source("broken", entry)], block=["broken"])
    assert loaded.failures == ()
    assert loaded.blocked == ("broken",)


def test_a_single_plugin_is_blocked_and_its_neighbours_are_not() -> None:
    loaded = load([Source("both", offering("flat", "other"))], block=["flat"])
    assert set(loaded.namings) == {"other"}


def test_blocking_one_of_two_entry_points_settles_a_clash() -> None:
    sources = [Source("a", offering("flat"), "mine"), Source("b", offering("flat"), "yours")]
    loaded = load(sources, block=["a"])
    assert loaded.namings["flat"].distribution == "yours"
    assert loaded.failures == ()


# --- making -------------------------------------------------------------------------------------


def test_a_plugin_is_made_with_its_context_and_its_options() -> None:
    naming = make(load([GOOD]).namings, "flat", NamingContext(), {"flat": {"depth": 3}, "other": {"x": 1}})
    assert naming == FlatNaming(NamingContext(), FlatOptions(3))


def test_a_plugin_without_a_table_gets_its_defaults() -> None:
    assert make(load([GOOD]).namings, "flat", NamingContext(), {}) == FlatNaming(
        NamingContext(), FlatOptions()
    )


def test_a_plugin_that_does_not_exist_is_an_error_that_names_those_that_do() -> None:
    loaded = load([Source("both", offering("flat", "deep"))])
    with pytest.raises(PluginError, match=r"round: there is no such plugin; there are: deep, flat\."):
        make(loaded.namings, "round", NamingContext(), {})


def test_it_says_so_when_there_are_none() -> None:
    with pytest.raises(PluginError, match=r"there are: none\."):
        make(load([]).namings, "round", NamingContext(), {})


def test_a_wrong_option_is_an_error_of_the_settings() -> None:
    with pytest.raises(SettingsError, match=r"\[plugins.flat\]: depth: 'deep' is not a whole number"):
        make(load([GOOD]).namings, "flat", NamingContext(), {"flat": {"depth": "deep"}})


class NotOptions:
    """Not an attrs class, so that no table can become one."""


def crash(_: NamingContext, __: object) -> FlatNaming:
    raise ZeroDivisionError("division by zero")


@pytest.mark.parametrize("factory", [Factory(crash), Factory(FlatNaming, NotOptions)])
def test_a_plugin_that_cannot_be_made_is_named_with_its_distribution(factory: NamingFactory) -> None:
    loaded = load([Source("bad", offering("bad", factory=factory), "cartload-bad")])
    with pytest.raises(PluginError, match="plugin bad of cartload-bad: failed to start: ") as raised:
        make(loaded.namings, "bad", NamingContext(), {})
    assert raised.value.__cause__ is not None


def test_an_error_that_a_plugin_words_itself_is_passed_on() -> None:
    def refuse(_: NamingContext, __: object) -> FlatNaming:
        raise NamingError("the template is empty.")

    loaded = load([Source("bad", offering("bad", factory=Factory(refuse)))])
    with pytest.raises(NamingError, match="the template is empty"):
        make(loaded.namings, "bad", NamingContext(), {})


# --- failures later -----------------------------------------------------------------------------


def test_a_fault_within_a_block_is_blamed_on_the_plugin() -> None:
    with pytest.raises(PluginError, match="storage s3: failed: KeyError: 'bucket'"), blaming("storage s3"):
        raise KeyError("bucket")


def test_an_error_of_cartloads_own_passes_such_a_block_as_it_is() -> None:
    error = NamingError("too long.")
    with pytest.raises(NamingError) as raised, blaming("naming flat"):
        raise error
    assert raised.value is error


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("no"), "ValueError: no"),
        (ValueError(), "ValueError"),
        (ValueError("two\n  lines"), "ValueError: two lines"),
    ],
)
def test_an_unforeseen_fault_is_told_in_one_line(error: Exception, text: str) -> None:
    assert describe_fault(error) == text


def test_a_distribution_that_cannot_tell_about_itself_is_found_without_a_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken:
        @property
        def metadata(self) -> object:
            raise OSError("no metadata")

    entry = SimpleNamespace(name="odd", value="odd", dist=Broken(), group="cartload", load=object)
    monkeypatch.setattr(registry, "entry_points", lambda **_: [entry])
    (source,) = registry.installed()
    assert (source.name, source.distribution, source.version) == ("odd", "(unknown)", "")
