"""Pre-commit hooks that keep a Python project's supply chain secure."""

__version__ = "0.1.0"
HOME = "https://github.com/tenterhooks/tenterhooks"


def page(name: str) -> str:
    """The address on the web of ``pages/<name>.md`` as of this version."""
    return f"{HOME}/blob/v{__version__}/hooks/tenterhooks/pages/{name}.md"
