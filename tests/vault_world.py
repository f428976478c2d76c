"""Vaults on an EVM in lockstep with the specification, beside a market that is too."""

from typing import Any

from perpools.spec import events as market_events
from perpools.spec import vault_events, vault_state
from perpools.spec.vault_state import DEPOSIT, REDEEM, Key, Vault
from tests.evm import deployer
from tests.stateful import wire
from tests.stateful.model import ACCOUNTS
from tests.stateful.vault_model import VAULTS, Answer, Demand, VaultModel
from tests.strategies import Setup
from tests.world import UNLIMITED, World

RECENT = 1
"""Closed epochs whose requests are still compared where nothing is left of them."""

NAMES = {"requestId": "request_id"}
"""Where the standard's name of a field is none for Python."""

BY_FLOW = {
    DEPOSIT: ("DepositRequest", ("maxDeposit", "maxMint")),
    REDEEM: ("RedeemRequest", ("maxRedeem", "maxWithdraw")),
}


class VaultWorld(VaultModel, World):
    """Vault models and the contracts they are about."""

    chain_vaults: dict[str, Any] = {}  # noqa: RUF012

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        made = deployer("contracts/SideVault.vy")
        self.chain_vaults = {
            name: made.deploy(self.chain.address, side) for name, side in VAULTS.items()
        }
        for name, vault in self.chain_vaults.items():
            self.addresses[name] = vault.address
            self.names[vault.address] = name
            for account in ACCOUNTS:
                self.let(account, name)
        self.check()

    def let(self, account: str, vault: str, *, approved: bool = True) -> None:
        super().let(account, vault, approved=approved)
        amount, sender = UNLIMITED if approved else 0, self.addresses[account]
        for token in (self.chain_coin, self.tokens[VAULTS[vault]]):
            token.approve(self.addresses[vault], amount, sender=sender)

    def _demand(self, demand: Demand, answer: Answer) -> None:
        target = self.chain_vaults[demand.vault]
        data = getattr(target, demand.name).prepare_calldata(*self._encoded(demand.arguments))
        # the market is open while a vault takes its payment; the vault itself never is
        self.chain_coin.call_back(target.address, target.totalAssets.prepare_calldata())
        computation = wire.execute(target, data, sender=self.addresses[demand.sender])
        self.coin_calls("rebalance")
        if answer.refusal or computation.is_error:
            told = wire.reason(computation.output) if computation.is_error else "nothing"
            assert told == answer.refusal, f"{demand}: {told!r}, not {answer.refusal!r}"
            return
        assert self._told(computation, demand.vault) == answer.events, demand

    def _told(self, computation: Any, vault: str) -> tuple[Any, ...]:
        """The logs of the market and of the vault, as events of the specification."""
        speakers = {
            one.address.canonical_address: one for one in (self.chain, self.chain_vaults[vault])
        }
        return tuple(
            self._heard(speakers[address], topics, data)
            for _, address, topics, data in sorted(computation.get_raw_log_entries())
            if address in speakers
        )

    def _heard(self, speaker: Any, topics: list[int], data: bytes) -> Any:
        abi = speaker.event_abi_for[topics[0]]
        indexed, plain = iter(topics[1:]), iter(wire.words(data))
        fields = {}
        for entry in abi["inputs"]:
            word = next(indexed if entry["indexed"] else plain)
            value = self.names[wire.address_of(word)] if entry["type"] == "address" else word
            fields[NAMES.get(entry["name"], entry["name"])] = value
        of_market = speaker is self.chain or abi["name"] == "OperatorSet"
        return getattr(market_events if of_market else vault_events, abi["name"])(**fields)

    def check(self) -> None:
        super().check()
        for name, vault in self.vaults.items():
            if name in self.chain_vaults:
                self.assert_vault_is_the_same(name, vault)

    def assert_vault_is_the_same(self, name: str, vault: Vault) -> None:
        """Everything that a vault can be asked is what the specification says."""
        target = self.chain_vaults[name]
        for signature, args, answer in [
            *self._of_side(vault),
            *self._of_requests(name, vault),
            *self._of_accounts(name, vault),
        ]:
            told = wire.ask(target, signature, *self._encoded(args))
            assert told == (answer,), f"{name}: {signature} of {args}: {told}, not {answer}"
        for pair in self.trusted[name]:
            told = wire.ask(target, "isOperator(address,address)", *self._encoded(pair))
            assert told == (pair in vault.operators,)
        assert self.chain_coin.balanceOf(target.address) == self.coin.balances[name]
        token = self.tokens[vault.side]
        assert token.balanceOf(target.address) == self.held(name, vault.side)

    def _of_side(self, vault: Vault) -> list[tuple[str, tuple[Any, ...], int]]:
        market, amount = self.market, 10**9 + 7
        shares = vault_state.convert_to_shares(vault, market, amount)
        return [
            ("totalAssets()", (), vault_state.total_assets(vault, market)),
            ("convertToShares(uint256)", (amount,), shares),
            (
                "convertToAssets(uint256)",
                (shares,),
                vault_state.convert_to_assets(vault, market, shares),
            ),
        ]

    def _of_requests(self, name: str, vault: Vault) -> list[tuple[str, tuple[Any, ...], int]]:
        asked = []
        for flow, controller, epoch in self._of_interest(name, vault):
            word, given = BY_FLOW[flow][0], (flow, epoch, controller)
            for prefix, view in (
                ("pending", vault_state.pending),
                ("claimable", vault_state.claimable),
                ("claimableCancel", vault_state.recoverable),
            ):
                signature = f"{prefix}{word}(uint256,address)"
                asked.append((signature, (epoch, controller), view(vault, self.market, *given)))
        return asked

    def _of_accounts(self, name: str, vault: Vault) -> list[tuple[str, tuple[Any, ...], int]]:
        asked = []
        for flow, holder in {key[:2] for key in self._of_interest(name, vault)}:
            most = vault_state.max_claim(vault, self.market, flow, holder)
            for signature, answer in zip(BY_FLOW[flow][1], most, strict=True):
                asked.append((f"{signature}(address)", (holder,), answer))
        return asked

    def _of_interest(self, name: str, vault: Vault) -> set[Key]:
        recent = self.market.last_epoch - RECENT
        return {key for key in self.seen[name] if key in vault.requests or key[2] > recent}
