# SPDX-License-Identifier: MIT
"""The results as Markdown."""

OURS = "isopixel"
READING = "reading alone"
GROUPS = (
    ("Triangle filter (antialias)", ("triangle", "overhead", "mixed")),
    ("Two taps, and enlarging", ("two taps", "up")),
)
FROZEN = (
    "The methods that re-create a library, beside that library, hot source: minima of isopixel and of the library in "
    "milliseconds, and the latter by the former. The samples are equal, or the cell says so."
)
FILTERS = "The other filters, exact and frozen, are in [filters.md](filters.md)."
CALLS = (
    "Minima in milliseconds. The first resize of a size makes tables and scratch memory, which the thread keeps for "
    "the next one: images of about 256² RGB → 224². The batch is 64 images of 256² RGB → 224², with two threads; in "
    "brackets the time by isopixel's for the same layout in memory."
)
SCALING = """![Time against the side of the source, and against the scale](scaling.png)

Hot source, minima; isopixel beside the peers that come nearest to it."""
SWEEPS = (
    (
        "isas",
        "Instruction sets",
        "Isopixel alone, one thread, hot source: milliseconds, minimum; in brackets the first column's by it.",
    ),
    (
        "threads",
        "Threads",
        "Isopixel alone, hot source, columns by number of threads: milliseconds, minimum; in brackets the first "
        "column's by it.",
    ),
)
LEGEND = """One process (another one for pillow-simd), one thread for each; milliseconds, minimum / median of
interleaved rounds; in brackets the peer's minimum divided by isopixel's (above 1: isopixel is faster). A hot source is
the same array again and again; a cold one comes from memory. (i): for information, since these resize planes of video.
Last column: bytes of the source that isopixel takes per second, and the share of what reading them alone gets (NumPy's
sum of 64-bit integers; here at best {reading}). Two taps do not need every row of a source that shrinks."""
EXACTNESS = """Share of samples that are not the exact value, rounded once; in brackets the largest difference. OpenCV's
AREA, its LINEAR where an image shrinks with antialias, and libyuv's are other
filters."""


def number(value):
    """Three digits."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def table(header, rows):
    """A Markdown table of texts."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def best_peer(times, peers):
    """The name of the competitor with the least minimum, or None."""
    rivals = [name for name in times if name != OURS and name in peers and peers[name]["counts"]]
    return min(rivals, key=lambda name: times[name]["minimum"], default=None)


def ratio(times, name):
    """How many times isopixel's minimum a peer's is."""
    return times[name]["minimum"] / times[OURS]["minimum"]


def gigabytes_per_second(size, milliseconds):
    return size / milliseconds / 1e6


def time_cell(times, name):
    if name not in times:
        return "–"
    text = f"{number(times[name]['minimum'])} / {number(times[name]['median'])}"
    return text if name == OURS else f"{text} ({ratio(times, name):.2f}×)"


def timing_row(record, source, names, peers):
    times = record[source]
    best = best_peer(times, peers)
    speed = gigabytes_per_second(record["bytes"], times[OURS]["minimum"])
    return [
        record["case"] if source == "hot" else "",
        source,
        *(time_cell(times, name) for name in names),
        f"{best}, **{ratio(times, best):.2f}×**" if best else "–",
        f"{number(speed)} GB/s, {ratio(times, READING):.0%}",
    ]


def timing_table(records, peers):
    """The times of the peers that have any."""
    names = [name for name in peers if any(name in record["hot"] for record in records)]
    titles = [name if peers[name]["counts"] else f"{name} (i)" for name in names]
    rows = [timing_row(record, s, names, peers) for record in records for s in ("hot", "cold") if s in record]
    return table(["case", "source", *titles, "best peer", "source read"], rows)


def exactness_table(records, peers):
    """The shares of wrong samples, and the largest differences."""

    def cell(right):
        if right is None:
            return "–"
        return f"{right['share']:.2%} ({right['largest']})" if right["largest"] else "0"

    rows = [[record["case"], *(cell(record["exactness"].get(name)) for name in peers)] for record in records]
    return table(["case", *peers], rows)


def sweep_table(records):
    """The minima of the variants, and how many times as fast as the first each is."""

    def cell(times, name, first):
        text = number(times[name]["minimum"])
        return text if name == first else f"{text} ({times[first]['minimum'] / times[name]['minimum']:.2f}×)"

    names = list(records[0]["hot"])
    rows = [[record["case"], *(cell(record["hot"], name, names[0]) for name in names)] for record in records]
    return table(["case", *names], rows)


def frozen_table(records):
    """Milliseconds of each method and of its library, the latter by the former."""
    methods = list(dict.fromkeys(method for record in records for method in record["methods"]))

    def cell(times):
        if times is None:
            return "–"
        text = f"{number(times['isopixel'])}, {number(times['library'])} ({times['library'] / times['isopixel']:.2f}×)"
        return f"{text} — {times['different']} samples differ" if times["different"] else text

    rows = [[record["case"], *(cell(record["methods"].get(method)) for method in methods)] for record in records]
    return table(["case", *methods], rows)


def calls_table(record):
    """The times of calls that differ in more than their samples."""
    first, batch = record["first"], record["batch"]
    rows = [["first resize of a size", number(first["first"])], ["the same again", number(first["again"])]]
    for name, time in batch.items():
        text = number(time)
        if not name.startswith(OURS):
            text += f" ({time / batch[name.replace('torch', OURS)]:.2f}×)"
        rows.append([f"batch, {name}", text])
    return table(["call", "milliseconds"], rows)


def reading_text(records):
    """The machine's speed of reading in one thread."""
    parts = []
    for source, where in (("cold", "memory"), ("hot", "the caches")):
        speeds = [
            gigabytes_per_second(record["bytes"], record[source][READING]["minimum"])
            for record in records
            if source in record
        ]
        if speeds:
            parts.append(f"{number(max(speeds))} GB/s from {where}")
    return " and ".join(parts)


def machine_text(machine):
    """What the numbers were measured on, in a sentence."""
    return (
        f"{machine['cpu']}, {machine['cache_bytes'] >> 20} MiB of last-level cache; isopixel built by "
        f"{machine['compiler']}, {machine['isa']}; Python {machine['python']}, NumPy {machine['numpy']}; "
        f"{machine['date']}."
    )


def markdown(results):
    """The whole report; what was not measured is left out."""
    parts = ["# Benchmark", machine_text(results["machine"])]
    if "cases" in results:
        parts += timing_parts(results["cases"], results["peers"])
    if "frozen" in results:
        parts += ["## Frozen peers", FROZEN, frozen_table(results["frozen"]), FILTERS]
    if "calls" in results:
        parts += ["## Calls", CALLS, calls_table(results["calls"])]
    if "scaling" in results:
        parts += ["## Scaling", SCALING]
    for part, title, text in SWEEPS:
        if results.get(part):
            parts += [f"## {title}", text, sweep_table(results[part])]
    return "\n\n".join(parts) + "\n"


def timing_parts(records, peers):
    """The tables of isopixel beside its peers."""
    versions = dict.fromkeys(f"{name.split()[0]} {peer['version']}".strip() for name, peer in peers.items())
    parts = [f"{', '.join(versions)}.", LEGEND.format(reading=reading_text(records))]
    for title, kinds in GROUPS:
        chosen = [record for record in records if record["kind"] in kinds]
        if chosen:
            parts += [f"## {title}", timing_table(chosen, peers)]
    return [*parts, "## Exactness", EXACTNESS, exactness_table(records, peers)]
