"""A backtest's result as other programs read it: a table of events, and one object of numbers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars

from perpools.whole_files import write_whole

from .backtests import Result
from .sweep import Swept


def table(result: Result) -> polars.DataFrame:
    """One row for each event, times in Unix seconds, the rest in whole units."""
    column, grid = result.columns, result.scene.grid
    times = result.times
    late_s = column["late"] * grid.interval_s + result.scene.keeper.late_s
    derived = {
        "epoch": column["epoch"].astype("int64") + grid.first_epoch,
        "timestamp": times,
        "closed_at": times + late_s.astype("int64"),
    }
    rest = {name: values for name, values in column.items() if name not in ("epoch", "late")}
    rest["with_orders"] = column["with_orders"] != 0.0
    prices = {f"{side}_price": result.token_price(side) for side in ("long", "short")}
    return polars.DataFrame({**derived, **rest, **prices})


def write_parquet(result: Result, path: Path) -> None:
    """Write all events to a file, which appears only once it is whole."""
    write_whole(path, table(result).write_parquet)


def sweep_table(found: Sequence[Swept]) -> polars.DataFrame:
    """One row for each setting and measure."""
    return polars.DataFrame(
        [
            {**dict(one.labels), "measure": measure, **values}
            for one in found
            for measure, values in one.distribution.table().items()
        ],
        infer_schema_length=None,
    )


def write_sweep(found: Sequence[Swept], path: Path) -> None:
    """Write all measures to a file, Parquet or CSV by its name, which appears once it is whole."""
    rows = sweep_table(found)
    write_whole(path, rows.write_parquet if path.suffix == ".parquet" else rows.write_csv)


def as_dict(result: Result) -> dict[str, Any]:
    """Everything about a result but its single events, as JSON has it."""
    column, statistics = result.columns, result.statistics
    return {
        "name": result.scene.name,
        "prices": result.scene.grid.prices.name,
        "engine": result.engine,
        "start": result.start,
        "end": int(result.times[-1]),
        "events": result.events,
        "events_with_orders": int(column["with_orders"].sum()),
        "long_price": statistics.long.token_price,
        "short_price": statistics.short.token_price,
        "long_balance": float(column["long_balance"][-1]),
        "short_balance": float(column["short_balance"][-1]),
        "worst_event_at": int(result.times[statistics.transfer.largest_at]),
        **_plain(statistics),
        "lateness": _plain(result.lateness),
        "costs": _plain(result.costs),
        "notes": result.notes,
    }


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value
