"""The plot of what a page costs against live pages and threads, as SVG text."""
from pages_table import LIVE, THREADS, WAYS

COLOURS = {"npk": "#c2410c", "guarded": "#1d4ed8", "unguarded": "#6b7280"}
PANEL_WIDTH, PANEL_HEIGHT, LEFT, TOP, GAP = 300, 200, 60, 40, 80
WIDTH, HEIGHT = LEFT + 2 * PANEL_WIDTH + GAP + 20, TOP + PANEL_HEIGHT + 80


def text(x, y, words, anchor="middle", colour="#111"):
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


def panel(left, title, columns, series, top_of_scale):
    """One panel: the columns at equal distances, microseconds from 0 upwards."""
    def x(index):
        return left + PANEL_WIDTH * index / (len(columns) - 1)

    def y(microseconds):
        return TOP + PANEL_HEIGHT * (1 - microseconds / top_of_scale)

    for tick in range(0, top_of_scale + 1, 1 if top_of_scale <= 10 else 5):
        yield f'<line x1="{left}" y1="{y(tick):.0f}" x2="{left + PANEL_WIDTH}" y2="{y(tick):.0f}" stroke="#e5e7eb"/>'
        yield text(left - 8, y(tick) + 4, tick, "end")
    for index, column in enumerate(columns):
        yield text(x(index), TOP + PANEL_HEIGHT + 18, f"{column:,}")
    yield text(left + PANEL_WIDTH / 2, TOP + PANEL_HEIGHT + 38, title)
    for way, nanoseconds in series.items():
        points = [(x(index), y(value / 1000)) for index, value in enumerate(nanoseconds)]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        yield f'<polyline points="{path}" fill="none" stroke="{COLOURS[way]}" stroke-width="2"/>'
        for px, py in points:
            yield f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{COLOURS[way]}"/>'


def svg(measured):
    highest = max(max(series) for panel in ("live", "threads") for series in measured[panel].values())
    top_of_scale = int(highest / 1000) + 1
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
             f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
             '<rect width="100%" height="100%" fill="white"/>',
             text(LEFT, 20, "CPU time of one page, mint to free, in microseconds", "start")]
    parts += panel(LEFT, "other live pages", LIVE, measured["live"], top_of_scale)
    parts += panel(LEFT + PANEL_WIDTH + GAP, "threads", THREADS, measured["threads"], top_of_scale)
    for index, (way, name) in enumerate(WAYS.items()):
        parts.append(text(LEFT + 200 * index, HEIGHT - 12, f"&#9679; {name}", "start", COLOURS[way]))
    return "\n".join(parts + ["</svg>"]) + "\n"
