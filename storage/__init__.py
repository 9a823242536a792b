"""Rows and bytes: how something is kept and who may reach it."""
