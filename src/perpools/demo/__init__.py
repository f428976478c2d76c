"""
A year of two markets on an embedded chain, every operation done twice: by the contracts and by the
specification.

Read it in this order: `prices` (what the price did), `operations` (one thing done, on the chain and
in the specification), `comparison` (both states, field by field), `ledger` (who paid and got what),
`mirror` (a market that exists twice), `stage` (everything deployed), `holders` (who does what),
`story` (when), `report` (what came of it), `run` (all of it).
"""
