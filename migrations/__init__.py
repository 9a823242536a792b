"""The schema's history. Each file is applied once, in the order of its number, by storage.migrate."""
