"""Prices, moves and leverages of transfer functions: steered to the ends of the domain."""

from hypothesis import strategies as st

from perpools.spec.fixed_point import MAX_PRICE, WAD

HIGHEST = MAX_PRICE - 1
MIN_LEVERAGE = WAD // 10
MAX_LEVERAGE = 100 * WAD

prices = st.one_of(
    st.integers(1, HIGHEST),
    st.integers(0, 119).flatmap(lambda bits: st.integers(2**bits, 2 ** (bits + 1) - 1)),
    st.integers(10**9, 10**30),
)

whole_leverages = st.integers(1, 100).map(lambda times: times * WAD)
leverages = st.one_of(
    whole_leverages,
    st.integers(10, 10_000).map(lambda hundredths: hundredths * WAD // 100),
    st.integers(MIN_LEVERAGE, MAX_LEVERAGE),
)


@st.composite
def moves(draw: st.DrawFn) -> tuple[int, int]:
    """Two prices: anything, a few per cent apart, a factor apart, or neighbours."""
    p0 = draw(prices)
    p1 = draw(
        st.one_of(
            prices,
            st.integers(8_000, 12_500).map(lambda parts: p0 * parts // 10_000),
            st.integers(1, 10**6).map(lambda parts: p0 * parts),
            st.integers(1, 10**6).map(lambda parts: p0 // parts),
            st.integers(-3, 3).map(lambda units: p0 + units),
        )
    )
    return p0, max(1, min(HIGHEST, p1))


# Where the arithmetic changes its course: the ends of the domain, neighbours, ratios beside a power
# of two and beside 7/5, where the logarithm is reduced differently.
BOUNDARY_MOVES = (
    (1, 1),
    (1, 2),
    (1, HIGHEST),
    (2, HIGHEST),
    (HIGHEST, HIGHEST),
    (HIGHEST - 1, HIGHEST),
    (2**119, HIGHEST),
    (2**119 - 1, HIGHEST),
    (5 * WAD, 7 * WAD),
    (5 * WAD, 7 * WAD - 1),
    (5 * WAD, 7 * WAD + 1),
    (WAD, 2 * WAD),
    (WAD, 2 * WAD - 1),
    (WAD, 2 * WAD + 1),
    (2_000 * WAD, 2_100 * WAD),
    (10**9, 10**30),
)
BOUNDARY_LEVERAGES = (
    MIN_LEVERAGE,
    WAD // 2,
    WAD - 1,
    WAD,
    WAD + 1,
    WAD * 3 // 2,
    3 * WAD,
    99 * WAD,
    MAX_LEVERAGE - 1,
    MAX_LEVERAGE,
)
