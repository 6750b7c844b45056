"""The options of the namings, under ``[plugins.<name>]``; apart, so that to list them loads no naming."""

from __future__ import annotations

from attrs import field, frozen, validators


@frozen
class DescriptiveOptions:
    """What stands for a study ID or description that is missing: nothing, or ``NA``.

    The newest window of the original retriever writes ``NA``; its command line leaves them out.
    """

    missing: str = field(default="", validator=validators.in_(("", "NA")))
