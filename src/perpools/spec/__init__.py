"""
The protocol, as executable prose.

Read it in this order: `units`, `fixed_point`, `transfer_curves`, `schedule`, `fees`, `rates`,
`keeper_reward`, `prices`, `feeds` (the numbers); `triggers`, `terms`, `state`, `events`, `errors`
(the things); `deployment`, `orders`, `rebalancing`, `upkeep`, `escrow`, `pairs`, `wind_down`,
`tokens`, `roles` (what can happen); `measures`, `forecast` (what holders look at); `replay`,
`bookkeeping`, `positions` (what the logs say); `invariants` (what never changes). Then what stands
beside a market: `portions`, `vault_state`, `vault_events`, `side_vault`, `vault_claims`,
`vault_invariants`. Integers and the standard library only: no clock, no chain, no file.
"""
