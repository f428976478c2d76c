"""
The report's pictures: one pair of axes each, in colours that everybody can tell apart (Okabe and
Ito), on a ground of their own, so that they read on a dark page too.
"""

from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import matplotlib
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

BLUE, ORANGE, GREEN, PINK, GREY = "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#6b7075"
ROW = 110
"""Letters of a legend that fit above a picture, its marks included."""
INK, RULE, GROUND = "#24292f", "#e3e5e8", "#ffffff"

STYLE: Any = {
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "font.size": 10,
    "svg.fonttype": "none",
    "svg.hashsalt": "perpools",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}

Draw = Callable[[Any], None]


def svg(draw: Draw) -> str:
    """A picture as text; the same picture is the same text."""
    with matplotlib.rc_context(STYLE):
        text = StringIO()
        metadata = {"Date": None, "Creator": None}
        _figure(draw).savefig(text, format="svg", metadata=metadata)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def png(draw: Draw) -> bytes:
    """The same picture for viewers that know no SVG."""
    with matplotlib.rc_context(STYLE):
        image = BytesIO()
        _figure(draw).savefig(image, format="png", dpi=110)
    return image.getvalue()


def line(axes: Any, x: Any, y: Any, label: str, colour: str, style: str = "-") -> None:
    """One line."""
    axes.plot(x, y, style, color=colour, label=label, linewidth=1.8 if style == "-" else 1.4)


def name_axes(axes: Any, x: str, y: str) -> None:
    """Label both axes, with units, and tell the lines apart above them."""
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    labels = axes.get_legend_handles_labels()[1]
    if labels:
        in_one_row = sum(map(len, labels)) + 8 * len(labels) <= ROW
        axes.legend(
            frameon=False,
            ncols=len(labels) if in_one_row else -(-len(labels) // 2),
            loc="lower left",
            bbox_to_anchor=(-0.02, 1.0),
            fontsize=9,
        )


def plain_ticks(axis: Any) -> None:
    """Numbers as people write them, on a logarithmic axis too."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))


def _figure(draw: Draw) -> Figure:
    figure = Figure(figsize=(8.4, 3.9), layout="constrained", facecolor=GROUND)
    axes = figure.add_subplot()
    axes.grid(visible=True, color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=9)
    draw(axes)
    return figure
