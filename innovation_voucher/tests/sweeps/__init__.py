"""Sweeps over the whole portal: tables that list everything and fail on what they do not know."""
