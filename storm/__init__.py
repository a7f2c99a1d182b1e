"""The long proofs: contention, kills, hostile files, timing. Run by `make storm`."""
