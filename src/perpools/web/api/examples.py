"""Examples of what may be sent, as the document of the API shows them; tests send each."""

from typing import Any

Examples = dict[str, Any]

MARKET = "0x00000000000000000000000000000000000000Aa"
"""Stands for a market's address."""
SENDER = "0x00000000000000000000000000000000000000bb"
"""Stands for an account's."""

FILE = """preset = "v2"
name = "EUR/USD"
leverage = 3
interval = "1d"
front_running_interval = "1d"
"""

_ASKING = {"market": MARKET, "sender": SENDER}

TRANSACTIONS: Examples = {
    "order": {
        "summary": "Mint long tokens for 100 of a collateral of 6 decimals",
        "value": {**_ASKING, "action": "order", "kind": 0, "amount": "100000000"},
    },
    "approve": {
        "summary": "Let the market take exactly so much",
        "value": {**_ASKING, "action": "approve", "units": "100000000"},
    },
    "pair": {
        "summary": "Both tokens at once",
        "value": {**_ASKING, "action": "mint-pair", "assets": "50000000"},
    },
    "fees": {
        "summary": "Pay the secondary recipient of the management fees what it is owed",
        "value": {**_ASKING, "action": "pay-fees", "which": 1},
    },
    "operator": {
        "summary": "Dismiss an operator",
        "value": {**_ASKING, "action": "set-operator", "operator": MARKET, "approved": False},
    },
}

BACKTEST: Examples = {
    "toml": {
        "summary": "A market file over the European Central Bank's fixings",
        "value": {"market": FILE, "source": "ecb:EURUSD"},
    },
    "json": {
        "summary": "Its keys as JSON, prices of one's own, and agents",
        "value": {
            "market": {
                "preset": "v2",
                "name": "ETH/USD",
                "leverage": 2.5,
                "interval": "1h",
                "front_running_interval": "2h",
            },
            "csv": "timestamp,price\n"
            + "".join(f"{1_700_000_000 + 3_600 * hour},{2_000 + hour % 7}\n" for hour in range(24)),
            "agents": ["skew-farmer"],
        },
    },
}

DEPLOYMENT: Examples = {
    "market": {
        "summary": "A market whose feed is there already",
        "value": {
            "sender": SENDER,
            "market": FILE + f'collateral = "{MARKET}"\n[price]\nfeed = "{MARKET}"\n',
        },
    }
}
