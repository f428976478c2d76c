"""Perpetual Pools: one price, two tokens, long and short, leveraged, never liquidated."""
