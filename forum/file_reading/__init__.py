"""Text and previews out of files that people send: `reading` is what others call."""
