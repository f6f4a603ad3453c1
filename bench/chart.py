"""A picture of ratios: horizontal bars from 1 on a logarithmic axis, as SVG. bench/all.py draws with it.

A bar to the left means faster than gc, one to the right slower. Twice as fast and half as fast are equally long bars: that
is why the axis is logarithmic. Bars beyond MOST doublings are cut, with a gap that shows it, lest a single one squeeze all
others. Groups have a heading and a dashed line at their geometric mean.
"""

import math
from html import escape  # not xml.sax.saxutils, which would find bench/http.py as http

WIDTH, ROW, BAR = 900, 20, 13
LEFT, RIGHT = 240, 850  # of the plot; names stand to its left
ROOM = 36  # between the ends of the plot and of the axis, for the value at the longest bar
TOP = 76
TEXT, LINES, FASTER, SLOWER = "#222222", "#dddddd", "#35718f", "#c0673a"
TICKS = [0.25, 0.5, 0.7, 1, 1.4, 2, 4]
MOST = 2  # doublings that the axis shows to either side
SMALLEST = 0.01  # what is printed as 0.00 has no logarithm


def doublings(ratio):
    return math.log2(max(ratio, SMALLEST))


def text(x, y, words, anchor="start", size=12, weight="normal"):
    """Words, with a white rim that keeps them readable across lines."""
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" '
            f'stroke="#ffffff" stroke-width="3" paint-order="stroke">{escape(words)}</text>')


def line(x1, y1, x2, y2, colour, more=""):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" {more}/>'


def extent(groups):
    """How many doublings the axis reaches to either side: a half more or less, between one and MOST."""
    longest = max(abs(doublings(ratio)) for _, bars, mean in groups for ratio in [mean, *(r for _, r in bars)])
    return min(max(1.0, math.ceil(2 * longest) / 2), MOST)


class Axis:
    """Where on the picture a ratio is."""

    def __init__(self, reach):
        self.reach = reach
        self.middle = (LEFT + RIGHT) / 2

    def shows(self, ratio):
        return abs(doublings(ratio)) <= self.reach

    def x(self, ratio):
        half = (RIGHT - LEFT) / 2 - ROOM
        return self.middle + max(-self.reach, min(self.reach, doublings(ratio))) / self.reach * half

    def ticks(self):
        return [t for t in TICKS if self.shows(t)]

    def draw(self, bottom):
        parts = []
        for t in self.ticks():
            parts.append(line(self.x(t), TOP - 8, self.x(t), bottom, TEXT if t == 1 else LINES))
            parts += [text(self.x(t), y, f"{t:g}", "middle") for y in (TOP - 14, bottom + 16)]
        return parts


def draw_bar(axis, y, name, ratio):
    """One bar, with a gap near its end if the axis is too short for it."""
    start, end = sorted((axis.x(ratio), axis.middle))
    parts = [f'<rect x="{start:.1f}" y="{y}" width="{max(end - start, 1):.1f}" height="{BAR}" '
             f'fill="{FASTER if ratio < 1 else SLOWER}"><title>{escape(name)}: {ratio:.2f}</title></rect>']
    if not axis.shows(ratio):
        gap = start + 14 if ratio < 1 else end - 14
        parts.append(line(gap + 4, y - 1, gap - 4, y + BAR + 1, "#ffffff", 'stroke-width="4"'))
    return parts


def draw_words(axis, y, name, ratio):
    """A bar's name, and its value at its end."""
    side, anchor = (-5, "end") if ratio < 1 else (5, "start")
    return [text(LEFT - 10, y + 10.5, name, "end"), text(axis.x(ratio) + side, y + 10.5, f"{ratio:.2f}", anchor, 11)]


def draw_group(axis, y, title, bars, mean):
    """A heading, bars from the fastest to the slowest, and the mean; the parts, and where the group ends."""
    rows = [(y + ROW * (1 + i), *bar) for i, bar in enumerate(sorted(bars, key=lambda bar: bar[1]))]
    end = y + ROW * (1 + len(bars))
    parts = [part for row in rows for part in draw_bar(axis, *row)]
    parts.append(line(axis.x(mean), y + 14, axis.x(mean), end - 3, TEXT, 'stroke-width="1.5" stroke-dasharray="4 3"'))
    parts += [part for row in rows for part in draw_words(axis, *row)]  # on top, so that the line does not cross them out
    parts.append(text(16, y + 10.5, title, size=13, weight="bold"))
    parts.append(text(axis.x(mean), y + 10.5, f"geometric mean {mean:.2f}", "middle", 11, "bold"))
    return parts, end + ROW // 2


def draw(groups):
    """The SVG text for groups of (title, [(name, ratio)], geometric mean)."""
    axis, y, parts = Axis(extent(groups)), TOP, []
    for title, bars, mean in groups:
        more, y = draw_group(axis, y, title, bars, mean)
        parts += more
    head = [text(16, 26, "Time divided by gc's", size=16, weight="bold"),
            text(axis.middle - 14, 44, "← faster than gc", "end"), text(axis.middle + 14, 44, "slower than gc →")]
    height = y + 30
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="Helvetica, Arial, sans-serif" fill="{TEXT}">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *head, *axis.draw(y), *parts, "</svg>"]) + "\n"
