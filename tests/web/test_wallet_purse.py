"""Built-in accounts: one for each browser, and nobody sends from another's."""

import pytest

from perpools.chain import connect
from perpools.web.pages.purse import Accounts
from perpools.web.transactions import Unsigned

ETHER = 10**18


def test_a_browser_keeps_its_account_and_another_gets_its_own() -> None:
    node = connect(accounts=3)
    purse = Accounts(node, node.accounts)

    first, second = purse.account_for("first"), purse.account_for("second")

    assert first != second
    assert purse.account_for("first") == first


def test_more_browsers_than_accounts_share() -> None:
    node = connect(accounts=2)
    purse = Accounts(node, node.accounts)

    found = [purse.account_for(str(number)) for number in range(4)]

    assert found == [*node.accounts, *node.accounts]


def test_a_transaction_is_sent_from_the_browsers_own_account_alone() -> None:
    node = connect(accounts=3)
    purse = Accounts(node, node.accounts)
    sender, stranger = purse.account_for("depositor"), purse.account_for("stranger")
    paid = Unsigned(node.chain_id, sender, stranger, b"", ETHER, 21_000, "a present")
    before = node.balance(stranger)

    with pytest.raises(PermissionError):
        purse.send("stranger", paid)
    hash_ = purse.send("depositor", paid)

    receipt = node.receipt(hash_)
    assert receipt is not None
    assert receipt.succeeded
    assert node.balance(stranger) == before + ETHER
