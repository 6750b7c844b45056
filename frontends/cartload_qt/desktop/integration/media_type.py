"""The media type of manifests, as shared-mime-info takes it: known by their suffix and by their first words.

Shared MIME-info Database Specification, https://specifications.freedesktop.org/shared-mime-info-spec/
"""

from __future__ import annotations

from cartload_qt.desktop.identity import MANIFEST_TYPE
from cartload_qt.desktop.integration.mark import MARK

TEXT = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!-- {MARK} -->
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{MANIFEST_TYPE}">
    <comment>imaging cart manifest</comment>
    <comment xml:lang="de">Manifest eines Warenkorbs von Bilddaten</comment>
    <sub-class-of type="text/plain"/>
    <generic-icon name="text-x-generic"/>
    <magic priority="60">
      <match type="string" offset="0:256" value="downloadServerUrl="/>
    </magic>
    <glob pattern="*.tcia"/>
  </mime-type>
</mime-info>
"""
