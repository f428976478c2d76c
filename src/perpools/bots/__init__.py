"""
Bots: one runner, four roles. A keeper closes epochs, a claimer claims for owners who tip for it, a
balancer orders against skew, a watcher tells and alerts.

Read it in this order: `keeping`, `claiming`, `balancing`, `paper`, `flights`, `backoff` (what to
do, decided from what was seen: pure, as are `chain.following`, `noticing` and `telling`, which
others use too); `options` (what a bot can be told); `heads`, `places`, `station`, `wallet` (what
every role works with); `keeper`, `claimer`, `balancer`, `watcher` (the roles); `pulse`, `registry`,
`monitor`, `tending`, `runner` (the loop); `alerts`, `endpoints`, `logs`, `metrics` (what others see
of it); `launch` (all of it put together). The library below is synchronous: the runner asks it in a
few threads.
"""
