"""Helpers that know no model: the bottom floor. Nothing here imports from the floors above."""
