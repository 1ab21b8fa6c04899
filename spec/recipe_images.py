# SPDX-License-Identifier: MIT
"""What recipes make of images, pictures and bytes (R-16, R-50 to R-54) as a program: slow, standard library only."""

from math import floor

from spec import recipes, reference
from spec.recipes import parse, sides

# r, g, b and s of each luma
LUMA = {
    "pillow-7": (19595, 38470, 7471, 16),
    "opencv-3.4": (4899, 9617, 1868, 14),
    "opencv-4": (9798, 19235, 3735, 15),
}
# for each orientation the place in p of out(y, x)
PLACES = {
    2: lambda y, x, h, w: (y, w - 1 - x),
    3: lambda y, x, h, w: (h - 1 - y, w - 1 - x),
    4: lambda y, x, h, w: (h - 1 - y, x),
    5: lambda y, x, h, w: (x, y),
    6: lambda y, x, h, w: (h - 1 - x, y),
    7: lambda y, x, h, w: (h - 1 - x, w - 1 - y),
    8: lambda y, x, h, w: (x, w - 1 - y),
}
# f of each round
ROUND = {"even": round, "down": floor, "half-up": lambda x: floor(x + 0.5)}


def size_after(step, size):
    """R-52 to R-54: the (height, width) that a step makes of one; ValueError if it refuses it."""
    kind, wanted = step.words
    if wanted == "square":
        after = (min(size),) * 2 if kind == "crop" else (max(size),) * 2
    elif wanted.startswith("short="):
        (short,), shortest = sides(wanted[6:], 1, "R-52"), min(size)
        after = tuple(short if n == shortest else short * n // shortest for n in size)
    elif wanted.startswith("fit="):
        height, width = sides(wanted[4:], 2, "R-52")
        r = min(height / size[0], width / size[1])
        after = tuple(max(1, ROUND[step.options["round"]](n * r)) for n in size)
    else:
        after = sides(wanted, 2, "R-52")
    if max(after) >= 2**31:
        raise ValueError(f"{step.text}: a side becomes {max(after)} (R-52)")
    if kind == "crop" and (size[0] < after[0] or size[1] < after[1]):
        raise ValueError(f"{step.text} does not lie in {size} (R-53)")
    if kind == "pad" and (size[0] > after[0] or size[1] > after[1]):
        raise ValueError(f"{step.text} does not hold {size} (R-54)")
    return after


def sizes(line, size, orientation=1):
    """R-51 to R-54: the (height, width) of the image of a recipe, as it comes to the steps, and after each."""
    recipe = parse(line)
    size = tuple(size)
    found = [size[::-1] if turn(recipe.source, orientation) >= 5 else size]
    for step in recipe.steps:
        found.append(size_after(step, found[-1]))
    return found


def turn(source, orientation):
    """R-51: the orientation that is applied; ValueError if it is refused."""
    assert 1 <= orientation <= 8
    wish = source.options["orientation"]
    if orientation != 1 and wish == "refuse":
        raise ValueError(f"the orientation is {orientation} (R-51)")
    return orientation if wish == "apply" else 1


def upright(source, shape, samples, orientation):
    """R-51: the image of a host or a picture, turned, as ((height, width, channels), samples)."""
    h, w, channels = shape
    o = turn(source, orientation)
    if o == 1:
        return shape, samples
    height, width = (h, w) if o < 5 else (w, h)
    places = [PLACES[o](y, x, h, w) for y in range(height) for x in range(width)]
    pixels = [samples[(y * w + x) * channels : (y * w + x + 1) * channels] for y, x in places]
    return (height, width, channels), b"".join(pixels)


def picture_pixel(source, pixel):
    """R-51: the pixel of an image that a pixel of a picture becomes."""
    mode = source.words[1]
    colour, alpha = (pixel[:-1], pixel[-1:]) if len(pixel) in (2, 4) else (pixel, b"")
    if alpha and mode != "rgba" and source.options["alpha"] == "refuse":
        raise ValueError("the picture has alpha (R-51)")
    if mode == "gray":
        return colour if len(colour) == 1 else bytes([gray(colour, source.options["luma"])])
    if len(colour) == 1:
        colour = colour * 3
    return {"rgb": colour, "bgr": colour[::-1], "rgba": colour + (alpha or b"\xff")}[mode]


def gray(colour, luma):
    """R-51: the gray of a red, green and blue."""
    if luma == "refuse":
        raise ValueError("the picture has colours (R-51)")
    r, g, b, s = LUMA[luma]
    red, green, blue = colour
    return (r * red + g * green + b * blue + 2 ** (s - 1)) // 2**s


def picture_image(source, shape, samples, orientation=1):
    """R-51: makes the image of a picture.

    Args:
        source: the source of a recipe.
        shape: (height, width, channels) of the picture, with 1 (gray), 2 (gray, alpha), 3 (red, green, blue) or 4
            channels.
        samples: its samples, in C order.
        orientation: 1 to 8.

    Returns:
        The image, as ((height, width, channels), samples).

    Raises:
        ValueError: the source refuses it.
    """
    height, width, channels = shape
    assert len(samples) == height * width * channels
    pixels = [picture_pixel(source, samples[i : i + channels]) for i in range(0, len(samples), channels)]
    return upright(source, (height, width, len(pixels[0])), b"".join(pixels), orientation)


def step_image(step, shape, samples):
    """R-52 to R-54: the image that a step makes of one, as ((height, width, channels), samples)."""
    h, w, channels = shape
    height, width = size = size_after(step, (h, w))
    if recipes.is_resize(step):
        return (*size, channels), reference.resize(samples, shape, size, step.words[0])
    rows = [samples[y * w * channels : (y + 1) * w * channels] for y in range(h)]
    if step.words[0] == "crop":
        top, left = (crop_start(d, step.options["round"]) for d in (h - height, w - width))
        out = [row[left * channels : (left + width) * channels] for row in rows[top : top + height]]
    else:
        top, left = ((height - h) // 2, (width - w) // 2) if step.options["at"] == "center" else (0, 0)
        values = [int(value) for value in step.options["value"].split(",")]
        blank = bytes(values if len(values) == channels else values * channels)
        out = [blank * left + row + blank * (width - w - left) for row in rows]
        out = [blank * width] * top + out + [blank * width] * (height - h - top)
    return (*size, channels), b"".join(out)


def crop_start(d, rounding):
    """R-53: where a crop begins on an axis."""
    return d // 2 + (rounding == "even" and d % 4 == 3)


def run(line, shape, samples, orientation=1):
    """R-16, R-50: runs a recipe on an image of a host.

    Args:
        line: the recipe, whose source is an image.
        shape: (height, width, channels) of the image.
        samples: its samples, in C order.
        orientation: 1 to 8.

    Returns:
        As `array_of`.

    Raises:
        ValueError: the recipe refuses it.
    """
    recipe = parse(line)
    if shape[2] != recipes.CHANNELS[recipe.source.words[1]]:
        raise ValueError(f"the image has {shape[2]} channels (R-50)")
    shape, samples = upright(recipe.source, shape, samples, orientation)
    for step in recipe.steps:
        shape, samples = step_image(step, shape, samples)
    return array_of(recipe, shape, samples)


def run_bytes(line, data):
    """R-16: runs a recipe whose source is a layout on some bytes; returns as `array_of`."""
    recipe = parse(line)
    layout = recipe.source.words[0]
    if recipe.steps:
        method, size = recipe.steps[0].words
        shape, samples = reference.resized_layout(layout, data, sides(size, 2, "R-52"), method)
    else:
        shape, samples = reference.layout_image(layout, data)
    return array_of(recipe, shape, samples)


def array_of(recipe, shape, samples):
    """R-16: the array of the image after the steps.

    Returns:
        (dtype, shape, numbers): the samples of an array "uint8", or the bits of the numbers of one "float32".
    """
    if recipe.normalization is None:
        return "uint8", shape[:2] if shape[2] == 1 else shape, samples
    options = recipe.normalization.options
    lists = options["mean"].split(","), options["std"].split(",")
    bits = reference.normalize(samples, shape, *lists, int(options["range"]), options["rounding"])
    return "float32", (shape[2], *shape[:2]), bits
