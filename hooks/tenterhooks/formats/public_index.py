"""The addresses of the public index, PyPI, and of its twin for trials. They stand here alone."""

from __future__ import annotations

PYPI, TESTPYPI = "PyPI", "TestPyPI"

HOSTS = {
    "pypi.org": PYPI,
    "www.pypi.org": PYPI,
    "upload.pypi.org": PYPI,
    "pypi.python.org": PYPI,
    "upload.pypi.io": PYPI,
    "pypi.io": PYPI,
    "test.pypi.org": TESTPYPI,
    "testpypi.python.org": TESTPYPI,
    "test.pypi.python.org": TESTPYPI,
}
"""Host -> the index."""

SIMPLE = "pypi.org/simple"
"""The index as tools name it, without its scheme."""
SIMPLE_TOO = (SIMPLE, "pypi.python.org/simple", "pypi.org/pypi")
"""All that have meant it."""

INDEX_HOST, FILE_HOST = "pypi.org", "files.pythonhosted.org"

FILES = {
    PYPI: (FILE_HOST, INDEX_HOST, "pypi.python.org"),
    TESTPYPI: ("test-files.pythonhosted.org",),
}
"""Index -> the hosts of its files, the one of today first."""
