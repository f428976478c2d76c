"""
A world to look at: an embedded chain that keeps the machine's time, three markets, and people who
trade in them.

Read it in this order: `paths` (the prices), `world` (what is deployed, and for whom), `venue` (one
market, as its logs tell it), `traders` (what they do), `life` (a past made quickly, then the
present). Keepers and claimers are not here: whoever lets this world live runs the real bots on it.
"""
