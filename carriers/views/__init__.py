"""Pages: the public catalogue, the carrier's workbench, the bureau's list of carriers."""
