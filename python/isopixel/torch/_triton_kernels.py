# SPDX-License-Identifier: MIT
"""The Triton kernels, which compute in integers alone.

Each adds up all that a result is made of in one program, so that there is nothing between source and result.
"""

import triton
import triton.language as tl

# What Triton compiles does not depend on whether these are 1 or multiples of 16: one program serves all sizes.
_RESULT = ["out", "out_n", "out_c", "out_y", "out_x", "channels", "height", "width", "table", "table_stride"]
_FORMULA = ["source", "image_stride", "descriptions", "description_stride", *_RESULT]
_PASSES = ["source", "source_n", "source_c", "source_y", "source_x", "length_y", "length_x", *_RESULT]
_PASSES += [f"{name}_{axis}" for name in ("first", "weights", "taps", "bits") for axis in "yx"]


@triton.jit  # type: ignore[untyped-decorator]
def _place(  # type: ignore[no-untyped-def]
    channels, height, width, interleaved: tl.constexpr, tile_height: tl.constexpr, tile_width: tl.constexpr
):
    """Returns the image of a program, and channels, rows and columns of its tile of the result.

    A tile is of rows and columns of a plane, or of the pixels of an image. Lanes beyond its edges compute the last
    result again, and write the same to the same place.
    """
    tiles_x = (width * interleaved + tile_width - 1) // tile_width
    tiles_y = (height + tile_height - 1) // tile_height
    program = tl.program_id(0)
    tile_x = program % tiles_x
    tile_y = program // tiles_x % tiles_y
    plane = program // tiles_x // tiles_y
    planes = channels // interleaved
    image = (plane // planes).to(tl.int64)
    place = tl.minimum(tile_x * tile_width + tl.arange(0, tile_width), width * interleaved - 1)[None, :]
    channel = plane % planes + place % interleaved  # one of the two is 0
    y = tl.minimum(tile_y * tile_height + tl.arange(0, tile_height), height - 1)[:, None]
    return image, channel, y, place // interleaved


@triton.jit
def _store(results, value, table, table_stride, channel):  # type: ignore[no-untyped-def]
    """Stores values of 0 to 255, or the numbers of a table in their place."""
    if table is None:
        tl.store(results, value.to(tl.uint8))
    else:
        tl.store(results, tl.load(table + channel * table_stride + value))


@triton.jit  # type: ignore[untyped-decorator]
def _axis(description, part: tl.constexpr):  # type: ignore[no-untyped-def]
    """Loads an Axis."""
    length = tl.load(description).to(part)
    step = tl.load(description + 1).to(part)
    pace = tl.load(description + 2).to(part)
    shift = tl.load(description + 3).to(part)
    reach = tl.load(description + 4).to(part)
    top = tl.load(description + 5).to(part)
    taps = tl.load(description + 6).to(tl.int32)
    return length, step, pace, shift, reach, top, taps


@triton.jit(do_not_specialize=_FORMULA)  # type: ignore[untyped-decorator]
def resize_by_formula(  # type: ignore[no-untyped-def]
    source,
    image_stride,
    descriptions,
    description_stride,
    out,
    out_n,
    out_c,
    out_y,
    out_x,
    channels,
    height,
    width,
    table,
    table_stride,
    interleaved: tl.constexpr,
    tile_height: tl.constexpr,
    tile_width: tl.constexpr,
    part: tl.constexpr,
    whole: tl.constexpr,
):
    """Computes a tile of the result by the formula of an Axis."""
    image, channel, y, x = _place(channels, height, width, interleaved, tile_height, tile_width)
    description = descriptions + image * description_stride
    source_c = tl.load(description + 1)
    source_y = tl.load(description + 2)
    source_x = tl.load(description + 3)
    length_y, step_y, pace_y, shift_y, reach_y, top_y, taps_y = _axis(description + 4, part)
    length_x, step_x, pace_x, shift_x, reach_x, top_x, taps_x = _axis(description + 11, part)

    # The first sample j with step·j - pace·i + shift > -reach, and its distance.
    first_y = tl.maximum(pace_y * y - shift_y - reach_y + step_y, 0) // step_y
    first_x = tl.maximum(pace_x * x - shift_x - reach_x + step_x, 0) // step_x
    nearest_y = step_y * first_y - pace_y * y + shift_y
    nearest_x = step_x * first_x - pace_x * x + shift_x

    samples = source + image * image_stride + tl.load(description) + channel * source_c
    numerator = tl.full([tile_height, tile_width], 0, whole)
    denominator = tl.full([tile_height, tile_width], 0, whole)
    for tap_y in range(taps_y):
        j_y = first_y + tap_y
        weight_y = reach_y - tl.abs(nearest_y + step_y * tap_y)
        weight_y = tl.where(j_y < length_y, tl.minimum(tl.maximum(weight_y, 0), top_y), 0)
        row_numerator = tl.full([tile_height, tile_width], 0, part)
        row_denominator = tl.full([1, tile_width], 0, part)
        for tap_x in range(taps_x):
            j_x = first_x + tap_x
            weight_x = reach_x - tl.abs(nearest_x + step_x * tap_x)
            weight_x = tl.where(j_x < length_x, tl.minimum(tl.maximum(weight_x, 0), top_x), 0)
            pointers = samples + j_y.to(tl.int64) * source_y + j_x.to(tl.int64) * source_x
            sample = tl.load(pointers, mask=(j_y < length_y) & (j_x < length_x), other=0)
            row_numerator += weight_x * sample.to(part)
            row_denominator += weight_x
        numerator += weight_y.to(whole) * row_numerator.to(whole)
        denominator += weight_y.to(whole) * row_denominator.to(whole)

    # The denominator is above 0. Triton does not compile a division without being told so: its analysis begins with the
    # 0 before the loop.
    value = (numerator + denominator // 2) // tl.maximum(denominator, 1)
    results = out + image * out_n + channel.to(tl.int64) * out_c + y.to(tl.int64) * out_y + x.to(tl.int64) * out_x
    _store(results, value, table, table_stride, channel)


@triton.jit(do_not_specialize=_PASSES)  # type: ignore[untyped-decorator]
def resize_by_passes(  # type: ignore[no-untyped-def]
    source,
    source_n,
    source_c,
    source_y,
    source_x,
    length_y,
    length_x,
    first_y,
    weights_y,
    taps_y,
    bits_y,
    first_x,
    weights_x,
    taps_x,
    bits_x,
    out,
    out_n,
    out_c,
    out_y,
    out_x,
    channels,
    height,
    width,
    table,
    table_stride,
    interleaved: tl.constexpr,
    tile_height: tl.constexpr,
    tile_width: tl.constexpr,
):
    """Computes a tile of the result by passes over x, for each row that a result is made of, and over y (R-20).

    (Triton's interpreter takes milliseconds for a call of another function: there is none in the loops.)
    """
    image, channel, y, x = _place(channels, height, width, interleaved, tile_height, tile_width)
    samples = source + image * source_n + channel.to(tl.int64) * source_c
    place_y = tl.load(first_y + y)
    place_x = tl.load(first_x + x)
    half_x = (1 << bits_x) // 2
    sums = tl.full([tile_height, tile_width], 0, tl.int32) + (1 << bits_y) // 2
    for tap_y in range(taps_y):
        rows = samples + tl.minimum(place_y + tap_y, length_y - 1).to(tl.int64) * source_y
        row_sums = tl.full([tile_height, tile_width], 0, tl.int32) + half_x
        for tap_x in range(taps_x):
            pointers = rows + tl.minimum(place_x + tap_x, length_x - 1).to(tl.int64) * source_x
            row_sums += tl.load(weights_x + x.to(tl.int64) * taps_x + tap_x) * tl.load(pointers).to(tl.int32)
        row = tl.minimum(tl.maximum(row_sums >> bits_x, 0), 255)
        sums += tl.load(weights_y + y.to(tl.int64) * taps_y + tap_y) * row
    value = tl.minimum(tl.maximum(sums >> bits_y, 0), 255)
    results = out + image * out_n + channel.to(tl.int64) * out_c + y.to(tl.int64) * out_y + x.to(tl.int64) * out_x
    _store(results, value, table, table_stride, channel)
