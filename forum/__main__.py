"""``python -m forum`` is the command ``samverkan``."""

from forum.cli import main

main()
