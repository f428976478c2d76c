"""
The chain: the one place that knows ABIs and JSON-RPC.

Read it in this order: `node` (blocks, calls, logs, transactions; `connect` gives one; below it are
`wire`, `providers` with its `endpoints`, `sending` with its `fees`, and `failures`), `contract`
(names and integers to bytes and back), `terms` (a market's, in both forms), `market`, `lens`,
`posted` (one client each), `protocol` (deploying). Synchronous throughout; no global state. What a
contract refuses is raised as the specification's exception for that reason; everything else that
goes wrong is a `ChainError`.
"""

from perpools.chain.connection import connect

__all__ = ["connect"]
