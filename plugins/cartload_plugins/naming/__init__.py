"""Bundled namings: where a series goes and what its files are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cartload.errors import NamingError
from cartload.hooks import cartload_namings, implements
from cartload.ports import Factory
from cartload_plugins.naming.options import DescriptiveOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cartload.ports import Naming, NamingContext, NamingFactory


@implements(cartload_namings)
def namings() -> Mapping[str, NamingFactory]:
    """Offer the namings descriptive, classic and template."""
    return {
        "descriptive": Factory(
            _descriptive, DescriptiveOptions, "dates, descriptions, numbers and the end of each UID"
        ),
        "classic": Factory(_classic, summary="collection, patient ID, study UID, series UID"),
        "template": Factory(_template, summary="a layout of your own, given with --template"),
    }


def _descriptive(context: NamingContext, options: object) -> Naming:
    from cartload_plugins.naming.descriptive import DescriptiveNaming  # noqa: PLC0415 - only when used
    from cartload_plugins.naming.files import FileNaming  # noqa: PLC0415 - likewise

    return DescriptiveNaming(FileNaming(context.file_names), cast("DescriptiveOptions", options))


def _classic(context: NamingContext, _options: object) -> Naming:
    from cartload_plugins.naming.classic import ClassicNaming  # noqa: PLC0415 - only when used
    from cartload_plugins.naming.files import FileNaming  # noqa: PLC0415 - likewise

    return ClassicNaming(FileNaming(context.file_names))


def _template(context: NamingContext, _options: object) -> Naming:
    from cartload_plugins.naming.template import Template, TemplateNaming  # noqa: PLC0415 - only when used

    if not context.template:
        raise NamingError(
            "there is no template.",
            subject="naming template",
            advice="Give one with --template, such as '{collection}/{series_uid}/{ordinal}.dcm'.",
        )
    return TemplateNaming(Template.parse(context.template))
