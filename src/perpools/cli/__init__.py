"""`perpools`: parse, call one function, print."""
