"""
The market file: one market's terms, as people write them (TOML).

Backtest it, deploy it, run it, watch it: everything reads the same file. Whatever is wrong with it
is one line that names the key and what is allowed. A key left out comes from the preset, else from
the defaults here.
"""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
)

from perpools import feed_source, quantities
from perpools.errors import ConfigError
from perpools.explanations import explain_mistake, explain_refusal
from perpools.spec import transfer_curves as curves
from perpools.spec.errors import Rejected
from perpools.spec.terms import NOBODY, Terms, check
from perpools.spec.transfer_curves import TransferFunction
from perpools.spec.triggers import MAX_THRESHOLD_WAD, Momentum, PriceChange
from perpools.spec.units import Address

DAY_S = 86_400
NAME_BYTES = 32
"""The contracts keep names in one word."""

TRANSFERS: dict[str, TransferFunction] = {
    "power": curves.power,
    "sigmoid": curves.sigmoid,
    "linear": curves.Linear(),
}

TRIGGERS: dict[str, type[PriceChange] | type[Momentum]] = {
    "price change": PriceChange,
    "momentum": Momentum,
}


def _feed(text: str) -> str:
    feed_source.parse(text)
    return text


def _age(seconds: int) -> int:
    if seconds == 0:
        raise ValueError("is not allowed: more than 0s")
    return seconds


def _name(text: str) -> str:
    if not 0 < len(text.encode()) <= NAME_BYTES:
        raise ValueError(f"is not a name: write 1 to {NAME_BYTES} characters")
    return text


def _trigger(value: Any) -> PriceChange | Momentum | None:
    if value == "time":
        return None
    kind, _, threshold = value.rpartition(" ") if isinstance(value, str) else ("", "", "")
    if kind not in TRIGGERS:
        raise ValueError('is not a trigger: write "time", "price change 5%" or "momentum 5%"')
    threshold_wad = quantities.percent(threshold)
    if not 0 < threshold_wad <= MAX_THRESHOLD_WAD:
        raise ValueError("is not allowed: a threshold is more than 0%, and at most 10000%")
    return TRIGGERS[kind](threshold_wad)


def show_trigger(trigger: PriceChange | Momentum | None) -> str:
    """As a market file writes it."""
    if trigger is None:
        return "time"
    [kind] = (kind for kind, model in TRIGGERS.items() if isinstance(trigger, model))
    return f"{kind} {quantities.show_percent(trigger.threshold_wad)}"


def _duration(value: Any, info: ValidationInfo) -> int:
    return quantities.duration(value, (info.context or {}).get("block_time_s"))


Duration = Annotated[int, BeforeValidator(_duration)]
BlockTime = Annotated[int, BeforeValidator(quantities.duration)]
Percent = Annotated[int, BeforeValidator(quantities.percent)]
PercentPerYear = Annotated[int, BeforeValidator(quantities.percent_per_year)]
Number = Annotated[int, BeforeValidator(quantities.number)]
GasPrice = Annotated[int, BeforeValidator(quantities.gas_price)]
TriggerField = Annotated[PriceChange | Momentum | None, BeforeValidator(_trigger)]
Account = Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{40}$")]
Feed = Annotated[str, AfterValidator(_feed)]
"""As `feed_source.parse` reads it."""
Age = Annotated[int, BeforeValidator(_duration), AfterValidator(_age)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Price(_Table):
    """The `[price]` table."""

    feed: Feed | None = None
    sma_periods: int = 1
    max_age: Age | None = None
    """
    Beyond it an observation is stale: of every feed of the file that is still to be deployed and
    has none of its own.
    """


class Fees(_Table):
    """The `[fees]` table."""

    mint: Percent = 0
    mint_step: Percent = 0
    mint_max: Percent | None = None
    """Of a fee that moves; a constant one is its own."""
    burn: Percent = 0
    management: PercentPerYear = 0
    primary: Account | None = None
    """None: the deployer."""
    secondary: Account | None = None
    secondary_share: Percent = 0


class Keeper(_Table):
    """The `[keeper]` table."""

    eth_feed: Feed | None = None
    """Collateral per ether; None: keepers are not paid."""
    gas_feed: Feed | None = None
    """The fast gas price; None: the block's base fee."""
    gas_premium: GasPrice = 20 * quantities.GWEI
    tip_step: Percent = 5 * quantities.WAD // 100
    tip_max: Percent = quantities.WAD
    reward_cap: Percent = quantities.WAD // 1_000


class MarketFile(_Table):
    """One market, as its file describes it; amounts are integers already."""

    preset: Literal["v1", "v2"] | None = None
    block_time: BlockTime = 12
    """Ethereum's; a keeper's tip grows once in it."""
    name: Annotated[str, AfterValidator(_name)]
    collateral: Account | None = None
    seed: Number = quantities.WAD
    """Whole units of collateral that the deployer pays to each side, WAD."""
    leverage: Number
    transfer: Literal["power", "sigmoid", "linear"]
    trigger: TriggerField = None
    """None, written `"time"`: an event is due at every grid point."""
    interval: Duration
    front_running_interval: Duration
    max_interval: Duration = 0
    wind_down_after: Duration | None = None
    price: Price = Price()
    fees: Fees = Fees()
    keeper: Keeper = Keeper()

    def terms(self, decimals: int, deployer: Address = "deployer") -> Terms:
        """The specification's terms, for a collateral of so many decimals."""
        fees, keeper = self.fees, self.keeper
        return Terms(
            decimals=decimals,
            transfer=TRANSFERS[self.transfer],
            trigger=self.trigger,
            leverage_wad=self.leverage,
            sma_periods=self.price.sma_periods,
            interval_s=self.interval,
            front_running_interval_s=self.front_running_interval,
            max_interval_s=self.max_interval,
            mint_fee_wad=fees.mint,
            mint_fee_step_wad=fees.mint_step,
            mint_fee_max_wad=fees.mint if fees.mint_max is None else fees.mint_max,
            burn_fee_wad=fees.burn,
            management_fee_wad=fees.management,
            primary=fees.primary or deployer,
            secondary=fees.secondary or NOBODY,
            secondary_share_wad=fees.secondary_share,
            gas_premium_wei=keeper.gas_premium,
            tip_step_wad=keeper.tip_step,
            tip_max_wad=keeper.tip_max,
            block_time_s=self.block_time,
            reward_cap_wad=keeper.reward_cap,
            wind_down_after_s=self._wind_down_after_s,
        )

    def seed_assets(self, decimals: int) -> int:
        """The seed in base units of a collateral of so many decimals; rounded down."""
        unit: int = 10 ** (18 - decimals)
        return self.seed // unit

    @property
    def _wind_down_after_s(self) -> int:
        if self.wind_down_after is not None:
            return self.wind_down_after
        return max(30 * DAY_S, self.interval, self.max_interval)


def load(path: Path) -> MarketFile:
    """The market that a file describes; `ConfigError` names the file and what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as unreadable:
        reason = getattr(unreadable, "strerror", None) or "not a text file"
        raise ConfigError(f"{path}: {reason}") from None
    try:
        return parse(text)
    except ConfigError as wrong:
        raise ConfigError(f"{path}: {wrong}") from None


def parse(text: str, changes: Mapping[str, Any] | None = None) -> MarketFile:
    """
    The market that a file's text describes, every value within the protocol's bounds. `changes`
    are values that count instead of the file's, by dotted key such as `fees.mint`.
    """
    given = _toml(text)
    for key, value in (changes or {}).items():
        table, _, name = key.rpartition(".")
        given = _merge(given, {table: {name: value}} if table else {name: value})
    return understood(given)


def understood(given: dict[str, Any]) -> MarketFile:
    """The market that the keys of a file describe, its tables within; fractions are `Decimal`."""
    merged = _merge(_preset(given.get("preset")), given)
    try:
        market = MarketFile.model_validate(merged, context=_context(merged))
    except ValidationError as wrong:
        raise ConfigError(explain_mistake(wrong, keys())) from None
    try:
        check(market.terms(18), market.seed_assets(18))
    except Rejected as refusal:
        raise ConfigError(explain_refusal(refusal, merged)) from None
    return market


def keys() -> list[str]:
    """Every key a market file may have, by its dotted path."""
    found = []
    for name, field in MarketFile.model_fields.items():
        table = field.annotation
        inner = table.model_fields if isinstance(table, type) and issubclass(table, _Table) else {}
        found += [f"{name}.{key}" for key in inner] or [name]
    return found


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as wrong:
        raise ConfigError(f"not TOML: {wrong}") from None


def _preset(name: Any) -> dict[str, Any]:
    """What a preset sets; nothing for a name that is none, which validation then reports."""
    folder = files("perpools") / "presets"
    known = {path.name.removesuffix(".toml"): path for path in folder.iterdir()}
    path = known.get(name) if isinstance(name, str) else None
    return _toml(path.read_text(encoding="utf-8")) if path else {}


def _merge(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = under | over
    for key in under.keys() & over.keys():
        if isinstance(under[key], dict) and isinstance(over[key], dict):
            merged[key] = under[key] | over[key]
    return merged


def _context(merged: dict[str, Any]) -> dict[str, int]:
    """What durations in blocks need; a wrong block time is reported under its own key."""
    try:
        return {"block_time_s": quantities.duration(merged["block_time"])}
    except (KeyError, ValueError):
        return {}
