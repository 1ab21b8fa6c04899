# SPDX-License-Identifier: MIT
"""Pipelines with one fault, with two, and with none."""

import random
from collections.abc import Iterator

from tests.trace_cases import laying, pictures, placing, reading, resizing, sampling, stories
from tests.trace_cases.faults import ALL_SCALES, RGB, Case
from tests.trace_cases.same import SAME
from tests.trace_cases.ways import STAGES, Sizes, run

FAULTS = [*reading.FAULTS, *resizing.FAULTS, *placing.FAULTS, *sampling.FAULTS, *laying.FAULTS, *stories.FAULTS]
STAGED = [fault for fault in FAULTS if fault not in stories.FAULTS]
# Of faults in resizes, those that executables show as well as photographs: their ways take gray images.
OF_PROGRAMS = {"antialias", "filter", "implementation", "pillow-release", "float-resize", "nearest-rule", "size"}
PROGRAM_READ = [laying.by_isopixel("fixed,width=256,rows=floor"), laying.by_hand(256, "floor"), laying.by_pillow(256)]
SIZES = (Sizes(), Sizes((200, 260), (150, 150)), Sizes((192, 192), (160, 128)), Sizes((178, 218), (128, 176)))
TRIES = 40  # pictures, until one shows the fault


def single(folder, times) -> Iterator[Case]:
    """Cases of one fault each, in some surroundings."""
    for fault in FAULTS:
        for n in range(times):
            yield _case(f"{fault} #{n}", (fault,), folder)


def paired(folder, count) -> Iterator[Case]:
    """Cases of two faults each."""
    rng = random.Random("pairs")
    seen = set()
    while len(seen) < count:
        one, two = rng.sample(STAGED, 2)
        if not _fit(one, two) or (one, two) in seen:
            continue
        case = _case(f"{one} & {two}", (one, two), folder, must=False)
        if case is not None:
            seen.add((one, two))
            yield case


def equal(folder, count) -> Iterator[Case]:
    """Cases without a fault."""
    for n in range(count):
        rng = random.Random(f"equal {n}")
        kind = rng.choice([*RGB, *RGB, "gray", "program", "exif-2", "exif-3", "exif-6", "exif-8", "alpha"])
        case = _composed(f"equal #{n}", (), kind, rng.randrange(6), rng, folder)
        one, other = case.results()
        if not same(one, other):
            raise AssertionError(f"{case.id} is not equal: {case}")
        yield case


def same(one, other):
    return (one.dtype, one.shape) == (other.dtype, other.shape) and one.tobytes() == other.tobytes()


def _fit(one, two):
    """Whether two faults may be in one pipeline, the first one before the other."""
    return (
        STAGES.index(one.stage) < STAGES.index(two.stage)
        and two.stage not in one.instead
        and one.stage not in two.instead
        and not one.is_last
        and one.scales == ALL_SCALES
        and one.read == two.read == "rgb"
        and two.kinds == RGB
        and (one.sizes is None or two.sizes is None)
    )


def _case(id, faults, folder, must=True):
    """A case on the first picture that shows its faults."""
    rng = random.Random(id)
    kinds = list(faults[0].kinds)
    is_shown = faults[0].cause in OF_PROGRAMS and faults[0].sizes != resizing.UP  # programs have more rows than that
    if faults[0].stage == "resize" and is_shown and faults[0].kinds == RGB and len(faults) == 1:
        kinds.append("program")
    for _ in range(TRIES):
        case = _composed(id, faults, rng.choice(kinds), rng.randrange(6), rng, folder)
        try:
            if _shows(case):
                return case
        except RuntimeError:
            if must:
                raise
            return None
    if must:
        raise AssertionError(f"no picture shows {id}")
    return None


def _shows(case):
    """Whether both sides differ, and would if a single one of the faults were there."""
    if same(*case.results()):
        return False
    for fault in case.faults[1:]:
        mended = tuple(
            (stage, (way if stage == fault.stage else other))
            for (stage, way), (_, other) in zip(case.a, case.b, strict=True)
        )
        no_step = lambda name, value: value  # noqa: E731
        if same(*(run(side, case.path, case.sizes, no_step, False) for side in (mended, case.b))):
            return False
    return True


def _composed(id, faults, kind, number, rng, folder):
    at = {fault.stage: fault for fault in faults}
    without = {stage for fault in faults for stage in fault.instead}
    scales = set(ALL_SCALES).intersection(*(fault.scales for fault in faults))
    has_alpha = kind == "alpha" and not faults
    if has_alpha or kind in ("gray", "program"):
        scales.discard("normalised")
    stages, is_last = [], False
    for stage in STAGES:
        if is_last:
            break
        if stage in at:
            stages.append((stage, at[stage].a, at[stage].b))
            is_last = at[stage].is_last
        elif stage == "read":
            ways = _readers(kind, faults)
            stages.append((stage, rng.choice(ways), rng.choice(ways)))
        elif stage in SAME and stage not in without and rng.random() < CHANCES[stage]:
            groups = sorted(scales) if stage == "scale" else sorted(SAME[stage])
            if stage == "resize" and (kind == "alpha" or any(f.kinds == ("deep",) for f in faults)):
                continue
            if stage == "axes" and stages[-1][0] != "scale":
                continue
            if stage == "place" and kind == "alpha":
                groups = ["corner", "mirrored"]
            ways = SAME[stage][rng.choice(groups)]
            stages.append((stage, rng.choice(ways), rng.choice(ways)))
    sizes = next((fault.sizes for fault in faults if fault.sizes), None) or rng.choice(SIZES)
    for other, more in ((kind, 0), (kind, 6), ("jpeg", 0)):  # which the faults of sources read too
        pictures.write(folder, other, number + more)
    path = pictures.write(folder, kind, number)
    a, b = (tuple((stage[0], stage[side]) for stage in stages) for side in (1, 2))
    return Case(id, faults, path, sizes, a, b, rng.random() < 0.5)


CHANCES = {"resize": 0.6, "place": 0.3, "scale": 0.7, "axes": 0.5}


def _readers(kind, faults):
    if kind == "program":
        return PROGRAM_READ
    if kind in ("alpha", "gray"):
        return SAME["read"]["rgba" if kind == "alpha" else "gray"]
    return SAME["read"]["upright" if kind.startswith("exif") else faults[0].read if faults else "rgb"]
