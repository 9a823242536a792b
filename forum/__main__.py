"""``python -m forum`` is the command ``samverkan``."""

from forum.cli import main

# Processes that this one starts import it, too.
if __name__ == "__main__":
    main()
