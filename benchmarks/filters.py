# SPDX-License-Identifier: MIT
"""The filters but bilinear, exact and frozen, beside the libraries' own: one thread, hot source, interleaved rounds.

`python -m benchmarks.filters` writes filters.md and filters.json, of the peers that are installed, whichever release.
It ends with status 1 where a frozen peer departs from its library, or an exact result from the one all in integers.
"""

import argparse
import importlib.metadata
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

import isopixel
from benchmarks import machine, peers, report
from benchmarks.cases import NET, Case, gray_and_rgb, sides
from benchmarks.frozen import method_calls
from benchmarks.measure import interleaved, summary
from isopixel import _core

RESULTS = Path(__file__).parent / "results"
COLORS = ("gray", "RGB")
UP = ((224, 224), (448, 448))
FEW = (((1080, 1920), NET), ((512, 512), NET), UP)
BLOCKS = (((448, 448), NET), ((896, 896), NET))  # of 2 × 2 and of 4 × 4 samples
MANY = (*(((h, w), NET) for h, w in ((2160, 3840), (1080, 1920), (480, 640), (512, 512), (256, 256))), UP)
SETTLING = ("area", "bicubic", "bicubic-four-tap")

TEXT = """Hot source, one thread for each, interleaved rounds: minima of isopixel and of the library in milliseconds; in
brackets the latter by the former, of minima and of medians. A ratio of minima below the one aimed at is **bold**."""
FROZEN_TEXT = "The samples are equal, or a line below the table says so."
EXACT_TEXT = """These libraries approximate the exact filters. OpenCV's wheels for x86 compute CUBIC by Intel IPP unless
that is switched off; its AREA is another filter where an image grows."""
SETTLED_TEXT = """Share of samples that floating point leaves undecided, so that they are computed in integers. The
noise is uniform; the photograph has a photograph's spectrum, amplitude 1 / frequency, and is clipped to 0 … 255."""


@dataclass(frozen=True)
class Row:
    """One method beside one peer.

    Attributes:
        peer: its name.
        package: that it is in.
        make: of a case and the copies of its source, the peer's calls.
        filter: as the peer calls it.
        aim: the ratio aimed at, or two of them, for gray and for RGB; or None.
        method: of isopixel; None for the frozen peer of the release that is installed.
        sizes: pairs of source and result.
        note: what else a reader has to know of the peer's call.
    """

    peer: str
    package: str
    make: Callable
    filter: str
    aim: float | tuple[float, float] | None
    method: str | None = None
    sizes: tuple = FEW
    note: str = ""

    @property
    def aims(self):
        return self.aim if isinstance(self.aim, tuple) else (self.aim, self.aim)


def pillow(filter, *rest, **options):
    return Row("Pillow", "pillow", partial(peers.pillow_calls, filter=filter), filter, *rest, **options)


def torch(filter, *rest, **options):
    mode, _, antialias = filter.partition("-")
    make = partial(peers.torch_calls, mode=mode, antialias=bool(antialias))
    return Row("torch", "torch", make, filter, *rest, **options)


def opencv(filter, *rest, **options):
    make = partial(peers.opencv_calls, f"INTER_{filter}")
    return Row("OpenCV", peers.OPENCV, make, filter, *rest, **options)


def opencv_without_ipp(filter, *rest, **options):
    make = partial(peers.opencv_calls_without_ipp, f"INTER_{filter}")
    return Row("OpenCV", peers.OPENCV, make, filter, *rest, **options, note=" without IPP")


def fast_image_resize(filter, *rest, **options):
    make = partial(peers.fast_image_resize_calls, filter=filter)
    return Row("fast_image_resize", "cykooz.resizer", make, filter, *rest, **options)


FROZEN = (
    *(pillow(filter, 4) for filter in ("BICUBIC", "LANCZOS", "HAMMING", "BOX", "NEAREST")),
    torch("bicubic-antialias", (3, 1.2)),
    torch("bicubic", None),
    torch("nearest", None),
    opencv("AREA", 1.5, sizes=(*FEW, *BLOCKS)),
    opencv("NEAREST", 0.9),
    opencv_without_ipp("CUBIC", 1, "opencv-3.4-cubic"),  # as IPP's is another function, which method_for refuses
    opencv_without_ipp("LANCZOS4", 1),
)
EXACT = (
    fast_image_resize("catmull_rom", 1 if isopixel.get_isa().startswith("avx512") else 0.8, "bicubic", MANY),
    pillow("BICUBIC", 5, "bicubic", MANY),
    opencv("CUBIC", None, "bicubic-four-tap", MANY),
    opencv_without_ipp("CUBIC", None, "bicubic-four-tap", MANY),
    opencv("AREA", 2.5, "area", MANY),
    opencv("NEAREST", 1, "nearest", MANY),
)


def by_color(sizes):
    """The colors, each with its cases of these sizes."""
    cases = [gray_and_rgb("filter", *size) for size in sizes]
    return zip(COLORS, zip(*cases, strict=True), strict=True)


def size_text(case):
    return f"{sides(*case.shape[:2])} → {sides(*case.size)}"


def measure_row(row, seconds, cache, progress):
    """Times a row of the table; yields a record for gray and one for RGB.

    The record of a color has by size the times of both and the number of samples that differ; or, without the peer or
    a method that re-creates it, says why in "missing".
    """
    record = {"method": row.method, "beside": f"{row.peer} {row.filter}{row.note}"}
    try:
        version = importlib.metadata.version(row.package)
        method = row.method or isopixel.method_for(row.peer.lower(), version, row.filter)
    except (importlib.metadata.PackageNotFoundError, ValueError) as error:
        yield record | {"missing": str(error)}
        return
    record |= {"method": method, "beside": f"{row.peer} {version} {row.filter}{row.note}"}
    for (color, cases), aim in zip(by_color(row.sizes), row.aims, strict=True):
        progress(f"{method} beside {record['beside']}, {color}")
        sizes = {size_text(case): measure_case(row, method, case, seconds, cache) for case in cases}
        yield record | {"color": color, "aim": aim, "sizes": sizes}


def measure_case(row, method, case, seconds, cache):
    image = case.source()
    runners = {report.OURS: method_calls(method, case, [image]), "peer": row.make(case, [image])}
    different = int(np.sum(runners[report.OURS].result() != runners["peer"].result()))
    times = interleaved(runners, 1, seconds, warm=case.nbytes <= cache)
    return {"different": different} | {name: summary(values) for name, values in times.items()}


def photograph(shape):
    """An image with a photograph's spectrum: amplitude 1 / frequency, in each channel by itself."""
    rng = np.random.default_rng(1)
    frequency = np.hypot(np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1]))
    frequency[0, 0] = np.inf  # the mean is 0
    image = np.empty(shape)
    for channel in np.ndindex(shape[2:]):
        plane = np.fft.irfft2(np.fft.rfft2(rng.standard_normal(shape[:2])) / frequency, shape[:2])
        image[(..., *channel)] = plane / plane.std()
    return np.clip(np.rint(127.5 + 60 * image), 0, 255).astype(np.uint8)


def settling(progress):
    """By method, color and image: by size, the share of samples settled in integers, and whether it mattered."""
    records = []
    for color, cases in by_color(MANY):
        for name, make in (("noise", Case.source), ("photograph", lambda case: photograph(case.shape))):
            progress(f"samples settled in integers: {name}, {color}")
            images = {case: make(case) for case in cases}
            for method in SETTLING:
                sizes = {size_text(case): settle(image, case, method) for case, image in images.items()}
                records.append({"method": method, "color": color, "image": name, "sizes": sizes})
    return sorted(records, key=lambda record: SETTLING.index(record["method"]))


def settle(image, case, method):
    """The share of samples settled in integers; and how many of the result differ from one that is settled entirely."""
    image = image.reshape(1, *case.shape[:2], -1)
    out, exact = (np.empty((1, *case.size, image.shape[3]), np.uint8) for _ in range(2))
    share = _core._testing.settle(image, out, method) / out.size
    _core._testing.settle(image, exact, method, settle_all=True)
    return {"share": share, "different": int(np.sum(out != exact))}


def timing_table(records):
    """The minima, and the ratios; one that falls short of its aim is bold."""
    sizes = list(dict.fromkeys(size for record in records for size in record.get("sizes", ())))

    def cell(record, size):
        times = record["sizes"].get(size)
        if times is None:
            return "–"
        least, middle = (times["peer"][kind] / times[report.OURS][kind] for kind in ("minimum", "median"))
        ratio = f"**{least:.2f}×**" if record["aim"] and least < record["aim"] else f"{least:.2f}×"
        ours, peers = (report.number(times[name]["minimum"]) for name in (report.OURS, "peer"))
        return f"{ours}, {peers} ({ratio}, {middle:.2f}×)"

    rows = []
    for record in records:
        if "missing" in record:
            rows.append([record["method"] or "–", record["beside"], record["missing"], *["–"] * (len(sizes) + 1)])
            continue
        aim = f"{record['aim']}×" if record["aim"] else "–"
        cells = [cell(record, size) for size in sizes]
        rows.append([record["method"], record["beside"], record["color"], aim, *cells])
    return report.table(["method", "beside", "color", "aim", *sizes], rows)


def settled_table(records):
    titles = ["method", "color", "image"]
    rows = [
        [*(record[title] for title in titles), *(f"{cell['share']:.3%}" for cell in record["sizes"].values())]
        for record in records
    ]
    return report.table([*titles, *records[0]["sizes"]], rows)


def departures(results):
    """What is not what it has to be, as texts."""
    return [
        f"{record['method']}, {record['color']} {size}: {cell['different']} samples differ"
        for record in (*results["frozen"], *results["settled"])
        for size, cell in record.get("sizes", {}).items()
        if cell["different"]
    ]


def markdown(results):
    parts = [
        "# Filters",
        report.machine_text(results["machine"]),
        TEXT,
        "## Exact",
        EXACT_TEXT,
        timing_table(results["exact"]),
        "## Settled in integers",
        SETTLED_TEXT,
        settled_table(results["settled"]),
        "## Frozen peers",
        FROZEN_TEXT,
        timing_table(results["frozen"]),
        *departures(results),
    ]
    return "\n\n".join(parts) + "\n"


def run(folder, seconds, cache, progress):
    """Measures all, writes filters.md and filters.json, and returns the departures."""
    results = {"machine": machine.describe()}
    for part, rows in (("exact", EXACT), ("frozen", FROZEN)):
        results[part] = [record for row in rows for record in measure_row(row, seconds, cache, progress)]
    results["settled"] = settling(progress)
    text = markdown(results)
    print(text)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "filters.md").write_text(text, encoding="utf-8")
    (folder / "filters.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return departures(results)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=1.2, help="to spend on each case (default %(default)s)")
    parser.add_argument(
        "-o", "--output", type=Path, default=RESULTS, help="folder of the results (default %(default)s)"
    )
    options = parser.parse_args()
    wrong = run(options.output, options.seconds, machine.cache_bytes(), partial(print, file=sys.stderr, flush=True))
    sys.exit("; ".join(wrong) or None)


if __name__ == "__main__":
    main()
