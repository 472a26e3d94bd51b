"""Pre-commit hooks that keep a Python project's supply chain secure."""

__version__ = "0.1.0"
