"""What a file says, with line numbers. Knows no rule."""
