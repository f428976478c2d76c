"""Everything that ever happened to the markets of a chain, in a database, from the logs alone."""
