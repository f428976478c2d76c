"""The first version of the tables."""

from alembic import op

from perpools.index.migrations.shorthand import (
    Columns,
    address,
    became,
    digest,
    document,
    exact,
    flag,
    logged,
    number,
    serial,
    small,
    unset,
    word,
    words,
)

revision = "0001"
down_revision = None


def upgrade() -> None:
    """The tables of this version, from nothing."""
    for name, columns in TABLES.items():
        op.create_table(name, *columns())
    for index, place in INDEXES.items():
        table, *names = place.split()
        op.create_index(index, table, names)


def _meta() -> Columns:
    yield from word("name", key=True)
    yield from words("value")


def _sources() -> Columns:
    yield from address("factory", key=True)
    yield from number("block")


def _announcements() -> Columns:
    yield from address("market", "factory", key=True)
    yield from words("name")
    yield from number("block_number")


def _markets() -> Columns:
    yield from address("address", key=True)
    yield from address("factory", "deployer")
    yield from words("name", "symbol")
    yield from address("collateral")
    yield from words("collateral_symbol")
    yield from small("decimals")
    yield from address("long_token", "short_token")
    yield from words("long_symbol", "short_symbol")
    yield from address("feed")
    yield from words("transfer")
    yield from document("terms")
    yield from exact("leverage_wad")
    yield from number("interval_s", "front_running_interval_s")
    yield from small("sma_periods")
    yield from exact("seed_assets", "first_price_wad")
    yield from number("first_epoch", "block_number")
    yield from digest("block_hash")
    yield from number("born_at", "last_epoch")
    yield from _standing()


def _standing() -> Columns:
    yield from exact(
        "price_wad",
        "spot_wad",
        "long_balance",
        "short_balance",
        "long_supply",
        "short_supply",
        "mint_fee_wad",
        "primary_fees",
        "secondary_fees",
    )
    yield from flag("wound_down")
    yield from number("settled_block")
    yield from digest("settled_hash")
    yield from number("head_block")
    yield from digest("head_hash")
    yield from number("head_at", "version", "branch")


def _records() -> Columns:
    yield from digest("block_hash")
    yield from address("address")
    yield from words("name")
    yield from document("fields")
    yield from logged()


def _involved() -> Columns:
    yield from address("account", "market", key=True)
    yield from number("block_number", "log_index", key=True)


def _orders() -> Columns:
    yield from address("owner", "controller")
    yield from number("epoch")
    yield from small("kind")
    yield from exact("amount", "from_escrow", "tip")
    yield from number("executes_at")
    yield from exact("paid_out", "fee_assets", nullable=True)
    yield from unset("refunded")
    yield from number(
        "executed_block",
        "executed_at",
        "cancelled_block",
        "cancelled_at",
        "claimed_block",
        "claimed_at",
        nullable=True,
    )
    yield from became("status")
    yield from logged()


def _epochs() -> Columns:
    yield from address("market", key=True)
    yield from number("epoch", key=True)
    yield from number("block_number", "log_index")
    yield from digest("transaction")
    yield from number("at", "due_at", "late_s", "merged")
    yield from address("keeper")
    yield from exact(
        "old_price_wad",
        "new_price_wad",
        "spot_wad",
        "fraction",
        "long_before",
        "short_before",
        "long_after",
        "short_after",
        "long_supply",
        "short_supply",
        "long_price_wad",
        "short_price_wad",
        "mint_fee_wad",
        "fee_assets",
        "reward_assets",
    )
    yield from number("gas_used")
    yield from small("orders")


def _batches() -> Columns:
    yield from address("market", key=True)
    yield from number("epoch", "kind", key=True)
    yield from exact("paid_in", "paid_out")
    yield from number("block_number")


def _claims() -> Columns:
    yield from words("kind")
    yield from address("owner", "other")
    yield from exact("assets", "long_tokens", "short_tokens", "tip")
    yield from logged()


def _pairs() -> Columns:
    yield from flag("minted")
    yield from address("owner")
    yield from exact("long_assets", "short_assets", "long_tokens", "short_tokens")
    yield from logged()


def _transfers() -> Columns:
    yield from small("side")
    yield from address("sender", "receiver")
    yield from exact("tokens", "worth")
    yield from logged()


def _fee_payments() -> Columns:
    yield from small("which")
    yield from address("recipient")
    yield from exact("assets")
    yield from logged()


def _accounts() -> Columns:
    yield from address("market", "account", key=True)
    yield from exact(
        "waiting_assets",
        "escrow_assets",
        "escrow_long",
        "escrow_short",
        "escrow_tip",
        "paid_in",
        "taken_out",
        "earned",
        "fees",
    )


def _positions() -> Columns:
    yield from address("market", "account", key=True)
    yield from number("side", key=True)
    yield from exact("wallet", "escrow", "waiting", "cost_assets", "entry_price_wad", "realised")


def _keepers() -> Columns:
    yield from address("market", "keeper", key=True)
    yield from number("events")
    yield from exact("reward_assets")
    yield from number("gas_used", "late_s_total", "worst_late_s", "last_at")


def _snapshots() -> Columns:
    yield from address("market", key=True)
    yield from number("period_s", "start", key=True)
    yield from exact(
        "spot_wad",
        "price_wad",
        "long_price_wad",
        "short_price_wad",
        "long_balance",
        "short_balance",
        "long_supply",
        "short_supply",
    )
    yield from number("events", "orders")
    yield from exact("volume_in", "volume_out", "fees", "rewards")
    yield from number("accounts")


def _news() -> Columns:
    yield from serial("id")
    yield from address("market")
    yield from flag("undone")
    yield from number("block_number", "at")
    yield from document("fact")


def _checkpoints() -> Columns:
    yield from address("market", key=True)
    yield from number("block", key=True)
    yield from words("state")


TABLES = {
    "meta": _meta,
    "sources": _sources,
    "announcements": _announcements,
    "markets": _markets,
    "records": _records,
    "involved": _involved,
    "orders": _orders,
    "epochs": _epochs,
    "batches": _batches,
    "claims": _claims,
    "pairs": _pairs,
    "transfers": _transfers,
    "fee_payments": _fee_payments,
    "accounts": _accounts,
    "positions": _positions,
    "keepers": _keepers,
    "snapshots": _snapshots,
    "news": _news,
    "checkpoints": _checkpoints,
}

INDEXES = {
    "markets_by_block": "markets block_number address",
    "markets_by_name": "markets name",
    "markets_by_symbol": "markets symbol",
    "involved_by_account": "involved account block_number log_index",
    "involved_by_block": "involved market block_number",
    "orders_by_controller": "orders controller market block_number",
    "orders_by_epoch": "orders market epoch block_number log_index",
    "orders_by_execution": "orders market executed_block",
    "orders_by_status": "orders market status block_number log_index",
    "orders_of_controller": "orders controller block_number log_index",
    "orders_of_status": "orders controller status block_number log_index",
    "epochs_by_block": "epochs market block_number",
    "epochs_by_keeper": "epochs keeper market block_number",
    "epochs_by_time": "epochs market at epoch",
    "claims_by_owner": "claims owner market block_number",
    "claims_of_owner": "claims owner block_number log_index",
    "pairs_by_owner": "pairs owner market block_number",
    "pairs_of_owner": "pairs owner block_number log_index",
    "transfers_by_receiver": "transfers receiver market block_number",
    "transfers_by_sender": "transfers sender market block_number",
    "transfers_of_receiver": "transfers receiver block_number log_index",
    "transfers_of_sender": "transfers sender block_number log_index",
    "accounts_by_account": "accounts account market",
    "positions_by_account": "positions account market side",
    "keepers_by_events": "keepers events market keeper",
    "keepers_of_market": "keepers market events keeper",
    "news_by_market": "news market id",
}
