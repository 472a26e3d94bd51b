"""Publishing with ActiveState's build scripts, where an identity is all that there is.

Source: PyPI's documentation, "Trusted Publishers: ActiveState".
"""

from __future__ import annotations

from tenterhooks.core.finding import Finding
from tenterhooks.formats.pipelines import activestate
from tenterhooks.trusted_publishing import index, known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenterhooks.core.files import File


def check(file: File, rule: str) -> Iterator[Finding]:
    """An audience that does not belong to the index that a publisher uploads to."""
    for call in activestate.publishers(file):
        audience, address = call.arguments.get("audience"), call.arguments.get("pypi_uri")
        target = known.PYPI
        if address is not None:
            host = address.value
            target = index.by_address(host if "://" in host else f"https://{host}")
        wanted = known.AUDIENCES.get(target)
        given = audience.value if audience is not None else "pypi"
        if wanted is not None and given != wanted:
            place = (audience or call.where).place()
            why = f"the audience is {given}, and {target} takes only {wanted}"
            message = f"pypi_publisher cannot log in to {target}: {why}"
            yield Finding(file.path, *place, rule, message, f'audience = "{wanted}"')
