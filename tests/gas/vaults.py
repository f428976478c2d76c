"""
What a side vault costs, in a market like the one of the other scenarios: requests of several
controllers in one epoch, and claims of one epoch and of a day's.
"""

from perpools import artifacts
from perpools.chain.contract import Contract, Interface
from perpools.chain.node import Node
from perpools.spec.kinds import LONG
from tests.gas.scenarios import AHEAD, AMOUNT, DEPLOYER, UNLIMITED, Scene

# Positions in the node's accounts.
FIRST, LATER, FICKLE, OFTEN = 20, 21, 22, 23
DAY = 24

NAMES = (
    "vault/request, first of an epoch",
    "vault/request, later in the epoch",
    "vault/request taken back, others stay",
    "vault/claim, first of an epoch",
    "vault/claim, later",
    "vault/request to redeem, first",
    "vault/claim of 24 epochs at once",
)


class VaultScene(Scene):
    """One market, and a vault of its long side."""

    def __init__(self, node: Node) -> None:
        super().__init__(node)
        self._tick()
        vault, sender = artifacts.load("SideVault"), self.accounts[DEPLOYER]
        self.vault = Contract.deploy(node, vault, self.market.address, LONG, sender=sender)
        token = Interface(artifacts.load("SideToken").abi)
        self.share = Contract(node, self.vault.read("share"), token)
        for who in (FIRST, LATER, FICKLE, OFTEN):
            for approved in (self.coin, self.share):
                self._tick()
                approved.send("approve", self.vault.address, UNLIMITED, sender=self.accounts[who])

    def ask(self, who: int, name: str, *arguments: object) -> int:
        """Have an account ask for something of its own, and what that cost."""
        self._tick()
        return self.vault.send(name, *arguments, sender=self.accounts[who]).gas_used

    def request(self, who: int, name: str, amount: int) -> int:
        return self.ask(who, name, amount, self.accounts[who], self.accounts[who])

    def claim(self, who: int) -> int:
        """Everything that it deposited."""
        given = self.vault.read("maxDeposit", self.accounts[who])
        return self.ask(who, "deposit", given, self.accounts[who])

    def open_epoch(self) -> int:
        """The request id of now."""
        epoch: int = self.market.contract.read("epoch_joined")
        return epoch


def measure_vaults(node: Node) -> dict[str, int]:
    """Every scenario's gas, in a vault that has been in use before."""
    scene = VaultScene(node)
    scene.request(FIRST, "requestDeposit", AMOUNT)
    scene.events(AHEAD)
    scene.claim(FIRST)

    gas = {"vault/request, first of an epoch": scene.request(FIRST, "requestDeposit", AMOUNT)}
    gas["vault/request, later in the epoch"] = scene.request(LATER, "requestDeposit", AMOUNT)
    scene.request(FICKLE, "requestDeposit", AMOUNT)
    gas["vault/request taken back, others stay"] = scene.ask(
        FICKLE, "cancelDepositRequest", scene.open_epoch(), scene.accounts[FICKLE]
    )
    scene.events(AHEAD)
    gas["vault/claim, first of an epoch"] = scene.claim(FIRST)
    gas["vault/claim, later"] = scene.claim(LATER)
    shares = scene.share.read("balanceOf", scene.accounts[FIRST])
    gas["vault/request to redeem, first"] = scene.request(FIRST, "requestRedeem", shares // 2)

    for _ in range(DAY):
        scene.request(OFTEN, "requestDeposit", AMOUNT)
        scene.event()
    scene.events(AHEAD)
    gas["vault/claim of 24 epochs at once"] = scene.claim(OFTEN)
    return gas
