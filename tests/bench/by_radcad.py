"""
The benchmark's market as one writes it for radCAD: one policy for the event, one for the farmer,
an update function for each state variable.

Run by an interpreter that has radCAD, which wants an older NumPy than ours: terms, growths and the
number of steps come as JSON, nanoseconds of a step and both balances at the end go out.
"""

import json
import sys
import time
from math import exp, inf
from typing import Any

from radcad import Engine, Model, Simulation  # type: ignore[import-not-found]
from radcad.engine import Backend  # type: ignore[import-not-found]

State = dict[str, Any]


def event(terms: State, substep: int, history: Any, state: State) -> State:
    """Price, transfer, and what was ordered for this event."""
    priced, kept = move(terms, state)
    rose = priced["average"] >= state["average"]
    long, short = state["long"] * terms["kept"], state["short"] * terms["kept"]
    moved = (short if rose else long) * (1 - kept)
    long, short = (long + moved, short - moved) if rose else (long - moved, short + moved)
    executed = execute(state, long, short)
    rates, before = executed["rates"], state["rates"]
    skew = executed["long"] / executed["short"]
    return {
        **priced,
        **executed,
        "queue": state["queue"][1:],
        "worst": tuple(
            min(least, now / old)
            for least, now, old in zip(state["worst"], rates, before, strict=True)
        ),
        "skews": (min(state["skews"][0], skew), max(state["skews"][1], skew)),
        "largest": max(state["largest"], 1 - kept),
    }


def move(terms: State, state: State) -> tuple[State, float]:
    """The price and its average; what the losing side keeps."""
    growths = terms["growths"]
    growth = growths[(state["timestep"] + 1) % len(growths) - 1]
    price = state["price"] * growth
    samples = (*state["samples"][1 - terms["periods"] :], price)
    old, new = state["average"], sum(samples) / len(samples)
    e = exp(2 * terms["leverage"] * (min(old, new) / max(old, new) - 1))
    priced = {"price": price, "growth": growth, "samples": samples, "average": new}
    return priced, max(2 * e / (1 + e), 1e-36)


def execute(state: State, long: float, short: float) -> State:
    """The orders that are due, at the rates of both balances."""
    minting, long_burnt, short_burnt = state["queue"][0]
    per_long, per_short = long / state["long_supply"], short / state["short_supply"]
    into, other = max(minting, 0.0), max(-minting, 0.0)
    long_out, short_out = long_burnt * per_long, short_burnt * per_short
    long, short = long - long_out + into, short - short_out + other
    long_supply = state["long_supply"] - long_burnt + into / per_long
    short_supply = state["short_supply"] - short_burnt + other / per_short
    return {
        "long": long,
        "short": short,
        "long_supply": long_supply,
        "short_supply": short_supply,
        "rates": (long / long_supply, short / short_supply),
        "cash": state["cash"] + long_out + short_out,
        "long_tokens": state["long_tokens"] + into / per_long,
        "short_tokens": state["short_tokens"] + other / per_short,
    }


def farm(terms: State, substep: int, history: Any, state: State) -> State:
    """What the farmer orders, and its hedge."""
    queue, (per_long, per_short) = state["queue"], state["rates"]
    minting = sum(max(order[0], 0.0) for order in queue)
    other = sum(max(-order[0], 0.0) for order in queue)
    long = state["long"] + minting - sum(order[1] for order in queue) * per_long
    short = state["short"] + other - sum(order[2] for order in queue) * per_short
    missing, total = short - long, long + short
    more, less = missing > terms["threshold"] * total, missing < -terms["threshold"] * total
    calm = abs(missing) < terms["buffer"] * total and not (more or less)
    minted = min(abs(missing) * terms["share"], state["cash"]) if more or less else 0.0
    long_burnt = state["long_tokens"] if less or calm else 0.0
    short_burnt = state["short_tokens"] if more or calm else 0.0
    worth = state["long_tokens"] * per_long + minting - state["short_tokens"] * per_short - other
    hedge, held = -worth * terms["hedged"], state["hedge"] * state["growth"]
    cost = abs(hedge - held) * terms["hedge_cost"]
    return {
        "queue": (*queue, (minted if more else -minted, long_burnt, short_burnt)),
        "cash": state["cash"] - minted,
        "long_tokens": state["long_tokens"] - long_burnt,
        "short_tokens": state["short_tokens"] - short_burnt,
        "hedge": hedge,
        "outside": state["outside"] + (held - state["hedge"]) - cost,
    }


def update(name: str) -> Any:
    """The update function of a state variable: what the policy says."""
    return lambda terms, substep, history, state, signals: (name, signals[name])


def start(terms: State) -> State:
    """The state before anything."""
    ones = dict.fromkeys(("long", "short", "long_supply", "short_supply"), 1e6)
    nothing = dict.fromkeys(("long_tokens", "short_tokens", "hedge", "outside", "largest"), 0.0)
    first = {
        **ones,
        **nothing,
        "price": 100.0,
        "average": 100.0,
        "growth": 1.0,
        "samples": (100.0,),
        "rates": (1.0, 1.0),
        "cash": terms["cash"],
        "queue": ((0.0, 0.0, 0.0),) * (terms["slots"] - 1),
        "worst": (inf, inf),
        "skews": (inf, 0.0),
    }
    return {**first, **farm(terms, 0, None, first)}


def main() -> None:
    """Run, and tell."""
    given = json.load(sys.stdin)
    terms, steps = given["terms"], given["steps"]
    terms["growths"] = tuple(terms["growths"])  # a list would be swept
    state = start(terms)
    blocks = [
        {"policies": {"event": event}, "variables": {n: update(n) for n in event_names(state)}},
        {"policies": {"farm": farm}, "variables": {n: update(n) for n in farm_names()}},
    ]
    model = Model(initial_state=state, state_update_blocks=blocks, params=terms)
    simulation = Simulation(model=model, timesteps=steps, runs=1)
    # tuned: no copies of the state but the one it keeps, one process, no substeps kept
    simulation.engine = Engine(deepcopy=False, drop_substeps=True, backend=Backend.SINGLE_PROCESS)
    begun = time.process_time()
    result = simulation.run()
    passed = time.process_time() - begun
    last = result[-1]
    print(json.dumps({"ns": passed / steps * 1e9, "end": [last["long"], last["short"]]}))


def event_names(state: State) -> list[str]:
    """The state variables that an event changes."""
    return [name for name in state if name not in ("hedge", "outside")]


def farm_names() -> tuple[str, ...]:
    """Those that the farmer changes."""
    return "queue", "cash", "long_tokens", "short_tokens", "hedge", "outside"


if __name__ == "__main__":
    main()
