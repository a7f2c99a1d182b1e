"""Measurements side by side with a small reference application. Run by `make bench`; SHORT=1 for a quick look."""
