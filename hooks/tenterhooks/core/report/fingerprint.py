"""What a finding is called in dashboards: the same after lines above it come and go."""

from __future__ import annotations

import hashlib

from tenterhooks.core.files import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenterhooks.core.files import Repository
    from tenterhooks.core.finding import Finding


def add_fingerprints(findings: Sequence[Finding], repository: Repository) -> None:
    """Set ``fingerprint``, 32 hex digits, on each finding, in printing order. It is made of the
    rule, the path, the content of the line, and which of its equals on such lines it is."""
    counts: dict[tuple[str, str, str], int] = {}
    for finding in findings:
        try:
            content = " ".join(repository.file(finding.path).line_text(finding.line).split())
        except Unreadable:
            content = finding.message
        kind = (finding.rule, finding.path, content)
        counts[kind] = counts.get(kind, 0) + 1
        identity = "\0".join((*kind, str(counts[kind])))
        digest = hashlib.sha256(identity.encode("utf-8", "surrogatepass"))
        finding.fingerprint = digest.hexdigest()[:32]
