"""One file for each version of the tables; the latest is what `tables` says."""
