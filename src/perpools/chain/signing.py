"""Transactions signed with a key of one's own."""

from typing import Any, NamedTuple

from eth_account.signers.local import LocalAccount

from perpools.chain.fees import Fees
from perpools.chain.wire import Hash, Transaction, hash_of, params


class Offer(NamedTuple):
    """What a transaction says beside what it does."""

    nonce: int
    gas: int
    fees: Fees


def offered(transaction: Transaction, offer: Offer) -> dict[str, Any]:
    """A transaction with all that it says, as nodes name it."""
    told: dict[str, Any] = {**params(transaction), "nonce": offer.nonce, "gas": offer.gas}
    if offer.fees.is_legacy:
        return {**told, "gasPrice": offer.fees.max_fee}
    priority, most = offer.fees.priority, offer.fees.max_fee
    return {**told, "maxFeePerGas": most, "maxPriorityFeePerGas": priority}


def signed(
    signer: LocalAccount, transaction: Transaction, offer: Offer, chain_id: int
) -> tuple[bytes, Hash]:
    """A transaction as it is sent, and its hash; it is valid on one chain alone."""
    told = offered(transaction, offer)
    del told["from"]
    done = signer.sign_transaction({**told, "chainId": chain_id})
    return bytes(done.raw_transaction), hash_of(done.hash)
