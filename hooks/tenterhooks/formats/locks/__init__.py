"""Lock files: what they hold, with line numbers. Knows no rule."""
