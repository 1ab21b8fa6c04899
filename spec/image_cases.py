# SPDX-License-Identifier: MIT
"""What make_vectors.py has of images as sources of recipes (R-50 to R-56): lines, sizes, pictures and runs.

Vectors are published, so a case is never changed; more are added behind the last ones.
"""

IMAGE_NET = "mean=0.485,0.456,0.406 std=0.229,0.224,0.225"
CLIP = "mean=0.48145466,0.4578275,0.40821073 std=0.26862954,0.26130258,0.27577711"
# what follows "isopixel 1:" in lines that are recipes
LINES = [
    *(f" image {mode}" for mode in ("rgb", "bgr", "gray", "rgba")),
    *(f" image rgb orientation={value}" for value in ("refuse", "apply", "ignore")),
    *(f" image gray luma={value}" for value in ("refuse", "pillow-7", "opencv-3.4", "opencv-4")),
    " image bgr alpha=refuse orientation=refuse", " image bgr alpha=drop orientation=refuse",
    " image gray luma=opencv-4 alpha=drop orientation=ignore", "image rgba  orientation=apply ",
    " image rgb | bilinear 224,224", " image gray | nearest 1,2147483647", "image rgb|area short=2147483647\n",
    " image rgb | bicubic short=1", " image bgr | opencv-3.4-linear fit=640,640",
    *(f" image bgr | opencv-3.4-area fit=3,2147483647 round={value}" for value in ("even", "down", "half-up")),
    " image rgb | crop 224,224", " image rgb | crop 1,2147483647  round=even ", "image rgb|crop square round=down",
    " image gray | crop square round=even", " image rgb | pad 640,640", " image rgb | pad square at=corner value=114",
    " image rgb | pad 3,4 value=0,0,0 at=center", " image rgb | pad 3,4 value=7,7,7", " image gray | pad 3,4 value=255",
    " image rgb | pad 3,4 value=104,117,0", " image rgba | pad square at=corner value=1,2,3,255",
    f" image rgb | normalize {IMAGE_NET}", " image gray|normalize rounding=exact  std=0.50 range=1 mean=-0\r\n",
    " image bgr | normalize rounding=steps std=1 mean=0", f" image rgb | normalize rounding=fused {CLIP}",
    " image bgr | normalize range=255 std=1 mean=103.939,116.779,123.68",
    " image rgb | normalize rounding=steps mean=123.675,116.28,103.53 range=255 std=58.395,57.12,57.375",
    " image gray | normalize mean=-999999999 std=0.000000001 range=255", " image gray | normalize mean=4 std=4",
    " image rgba | normalize mean=0.1,0.2,0.3,0.4 std=1,2,3,4 rounding=fused",
    f" image rgb orientation=ignore alpha=drop | pillow-4-bilinear short=256 | crop 224,224 round=even |"
    f" normalize {IMAGE_NET} rounding=steps",
    " image rgb alpha=drop orientation=apply|opencv-3.4-linear fit=640,640|pad 640,640 value=114,114,114"
    "|normalize std=1 mean=0",
    " image rgba | pillow-4-bilinear-alpha short=8", " image rgba | pillow-13-box-alpha 8,8",
    " image rgba | pillow-4-nearest fit=8,8", " image rgba | bicubic 8,8", " image rgb | pillow-4-bilinear-alpha 8,8",
    " image gray" + " | crop 9,9 | pad 9,9" * 8, " image gray" + " | bilinear 3,3" * 16 + " | normalize mean=0 std=1",
    " nataraj | bilinear 224,224 | normalize mean=0.5 std=0.5 range=1 rounding=exact",
    " nataraj,channels=3 | normalize range=255 mean=123.675 std=58.395",
    " line | bilinear 4,5 | normalize rounding=steps std=0.25 mean=0.5",
    " bigram|normalize mean=0 std=1 rounding=fused",
    f" image rgb | normalize rounding=reciprocal {CLIP}", " line|normalize mean=0 rounding=reciprocal std=1",
]  # fmt: skip
# by the rule that they break, what follows "isopixel 1: " in lines that are none
REFUSED = {
    "R-16": [
        "image rgb | normalize mean=0 std=1 | crop 2,2", "image rgb | normalize mean=0 std=1 | normalize mean=0 std=1",
        "image gray" + " | crop 9,9" * 17, "image rgb orientation=apply orientation=apply",
        "image rgb alpha=drop alpha=drop", "image rgb | pad 3,4 at=corner at=corner",
        "image rgb | crop 3,4 round=even round=even", "image rgb | normalize mean=0 std=1 range=1 range=1",
        "image rgb | normalize mean=0 std=1 rounding=steps rounding=steps", "image rgb | normalize mean=0",
        "image rgb | normalize mean=0,1 std=1", "image gray | normalize mean=0 std=1,1,1",
        "image rgba | normalize mean=0,0,0 std=1", "image rgb | normalize mean=0 std=1 scale=255",
        "image rgb | resize 3,4", "image rgb | cubic 3,4", "image rgb | Crop 3,4", "image rgb | crop",
        "image rgb | pad", "image rgb | bilinear", "image rgb |", "image rgb | | crop 3,4", "image rgb | image rgb",
        "image rgb | 3,4", "image rgba | pillow-4-bilinear 8,8", "image rgba | pillow-13-lanczos short=8",
        "image rgba | pillow-7-box fit=8,8", "image rgba | bilinear 9,9 | pillow-12.2-hamming 8,8",
        "nataraj | crop 3,4", "nataraj | pad square", "nataraj | bilinear short=3", "nataraj | bilinear fit=3,4",
        "nataraj | bilinear 3,4 | bilinear 3,4",
    ],
    "R-50": [
        "image", "image RGB", "image cmyk", "image rgb,alpha=drop", "image rgb rgb", "image alpha=drop rgb", "image l",
        "image rgb luma=pillow-7", "image rgb luma=refuse", "image rgba alpha=drop", "image rgba alpha=refuse",
        "image rgb orientation=6", "image rgb orientation=", "image rgb orientation", "image rgb exif=apply",
        "image rgb alpha=keep", "image gray luma=pillow", "image gray luma=pillow-13", "image gray luma=opencv-5",
    ],
    "R-52": [
        "image rgb | bilinear 0,1", "image rgb | bilinear 01,2", "image rgb | bilinear 3", "image rgb | bilinear 3,4,5",
        "image rgb | bilinear 2147483648,1", "image rgb | bilinear 3x4", "image rgb | bilinear 3,",
        "image rgb | bilinear 3, 4", "image rgb | bilinear square", "image rgb | bilinear short=0",
        "image rgb | bilinear short=3,4", "image rgb | bilinear short=", "image rgb | bilinear short=2147483648",
        "image rgb | bilinear short=+3", "image rgb | bilinear fit=3", "image rgb | bilinear fit=3,0",
        "image rgb | bilinear fit=short=3", "image rgb | bilinear long=3", "image rgb | bilinear 3,4 round=even",
        "image rgb | bilinear short=3 round=even", "image rgb | bilinear fit=3,4 round=up",
        "image rgb | bilinear fit=3,4 round=even round", "image rgb | bilinear round=down fit=3,4",
        "image rgb | bilinear short=3 short=3", "image rgb | bilinear fit=3,4 at=corner",
    ],
    "R-53": [
        "image rgb | crop 0,1", "image rgb | crop 3", "image rgb | crop 3,4,5", "image rgb | crop 3,2147483648",
        "image rgb | crop short=3", "image rgb | crop fit=3,4", "image rgb | crop square,square",
        "image rgb | crop round=even", "image rgb | crop 3,4 round=half-up", "image rgb | crop 3,4 at=center",
        "image rgb | crop 3,4 even",
    ],
    "R-54": [
        "image rgb | pad 0,1", "image rgb | pad 3", "image rgb | pad 2147483648,3", "image rgb | pad fit=3,4",
        "image rgb | pad value=3", "image rgb | pad 3,4 value=256", "image rgb | pad 3,4 value=-1",
        "image rgb | pad 3,4 value=01", "image rgb | pad 3,4 value=", "image rgb | pad 3,4 value=1,2",
        "image gray | pad 3,4 value=1,1,1", "image rgba | pad 3,4 value=1,1,1", "image rgb | pad 3,4 value=1.0",
        "image rgb | pad 3,4 value=1,2,256", "image rgb | pad 3,4 at=top", "image rgb | pad 3,4 round=even",
        "image rgb | pad 3,4 multiple=32",
    ],
    "R-55": [f"image rgb | normalize mean=0 std=1 range={value}" for value in ("0", "254", "1.0", "2.55e2", "0,1", "")],
    "R-56": [
        "image rgb | normalize mean=0 std=1 rounding=even", "image rgb | normalize mean=0 std=1 rounding=",
        "image rgb | normalize mean=0 std=1 rounding=fused range=255",
        "nataraj | normalize range=255 rounding=fused mean=0 std=1",
    ],
    "R-90": [
        "image rgb | normalize mean=123.675,116.28,103.53 std=58.395,57.12,57.375",
        "image gray | normalize mean=0 std=4.1 range=1", "image bgr | normalize mean=0,0,-5 std=1 rounding=steps",
    ],
    "R-29": [
        "image rgb | normalize mean=1e9 std=1 range=255", "image gray | normalize mean=0 std=1e-10 rounding=steps",
    ],
    "R-30": [
        "image gray | normalize mean=0 std=0 range=255", "image rgb | normalize mean=0 std=1,1,-1 rounding=fused",
    ],
}  # fmt: skip
# the same, behind them: published vectors keep their places
REFUSED_TOO = {"R-56": ["image rgb | normalize mean=0 std=1 rounding=reciprocal range=255"]}

PRESET = "image rgb orientation=apply | bilinear short=256 | crop 224,224 round=even"
LETTERBOX = "image rgb orientation=ignore | opencv-3.4-linear fit=640,640 | pad 640,640 value=114"
# (what follows "isopixel 1: ", the height and width of an image, its orientation, the rule that refuses it or None)
SIZES = [
    *((PRESET, size, 1, None) for size in [(480, 640), (640, 480), (300, 300), (256, 259), (1, 1), (65535, 257)]),
    *((PRESET, (555, 704), orientation, None) for orientation in range(1, 9)),
    *((LETTERBOX, size, 6, None) for size in [(480, 640), (640, 481), (1281, 641), (7, 7), (1, 10000), (30000, 2)]),
    *((f"image gray | area fit=96,96 round={r}", (704, 55), 1, None) for r in ("even", "down", "half-up")),
    *((f"image gray | area fit=96,96 round={r}", (55, 704), 1, None) for r in ("even", "down", "half-up")),
    *((f"image gray | area fit=40,30 round={r}", (16, 5), 1, None) for r in ("even", "down", "half-up")),
    *((f"image gray | area fit=224,224 round={r}", (192, 105), 1, None) for r in ("even", "down", "half-up")),
    *((f"image gray | area fit=96,96 round={r}", (1, 47), 1, None) for r in ("even", "down", "half-up")),
    *((f"image gray | area fit=10,640 round={r}", (48, 36), 1, None) for r in ("even", "down", "half-up")),
    ("image gray | nearest fit=89478485,89478485 round=half-up", (89478485, 3), 1, None),
    ("image rgb | crop square | bilinear short=9 | pad square", (100, 31), 1, None),
    ("image rgb | pad square | bilinear 5,9 | crop square | pad 8,8", (31, 100), 1, None),
    ("image rgb | nearest 3,4 | nearest short=7 | nearest fit=6,6 | crop 2,2 | pad 9,3", (31, 100), 1, None),
    ("image rgb", (31, 100), 1, None), ("image rgb", (31, 100), 2, "R-51"), ("image rgba", (31, 100), 8, "R-51"),
    ("image rgb | bilinear short=2147483647", (2, 3), 1, "R-52"),
    ("image rgb | bilinear short=2", (1, 2**30), 1, "R-52"),
    ("image rgb | bilinear short=2", (1, 50_000_001), 1, None), ("image rgb | crop 32,100", (31, 100), 1, "R-53"),
    ("image rgb | crop 31,101", (31, 100), 1, "R-53"), ("image rgb | crop 31,100", (31, 100), 1, None),
    ("image rgb orientation=apply | crop 31,100", (31, 100), 5, "R-53"),
    ("image rgb | pad 30,100", (31, 100), 1, "R-54"),
    ("image rgb | pad 31,99", (31, 100), 1, "R-54"), ("image rgb | pad 31,100", (31, 100), 1, None),
]  # fmt: skip

# (what follows "isopixel 1: ", the picture's shape, its orientation, the rule that refuses it or None)
PICTURES = [
    *((f"image {mode}", (2, 3, 1), 1, None) for mode in ("rgb", "bgr", "gray", "rgba")),
    *((f"image {mode}", (2, 3, 3), 1, None) for mode in ("rgb", "bgr", "rgba")),
    *((f"image {mode} alpha=drop", (2, 3, c), 1, None) for mode in ("rgb", "bgr") for c in (2, 4)),
    *(("image rgba", (2, 3, c), 1, None) for c in (2, 4)), ("image gray alpha=drop", (2, 3, 2), 1, None),
    *((f"image gray luma={luma}", (64, 64, 3), 1, None) for luma in ("pillow-7", "opencv-3.4", "opencv-4")),
    *((f"image gray luma={luma} alpha=drop", (5, 3, 4), 1, None) for luma in ("pillow-7", "opencv-3.4", "opencv-4")),
    ("image gray luma=opencv-4", (2, 3, 1), 1, None),
    *(("image rgb orientation=apply", (2, 3, 3), orientation, None) for orientation in range(1, 9)),
    *(("image gray orientation=apply luma=pillow-7", (3, 2, 3), orientation, None) for orientation in (5, 7)),
    *(("image bgr orientation=ignore", (2, 3, 3), orientation, None) for orientation in range(2, 9)),
    *((f"image {mode}", (2, 3, c), 1, "R-51") for mode in ("rgb", "bgr", "gray luma=pillow-7") for c in (2, 4)),
    *(("image gray alpha=drop", (2, 3, c), 1, "R-51") for c in (3, 4)),
    *(("image rgb", (2, 3, 3), orientation, "R-51") for orientation in range(2, 9)),
]  # fmt: skip

TABLE = "ramp 1", (16, 16, 1), 1, None  # every value of a sample
# (what follows "isopixel 1: ", a formula, an image's shape, its orientation, the rule that refuses it or None)
RUNS = [
    *((f"image {mode}", "noise 1", (2, 3, c), 1, None)
      for mode, c in [("rgb", 3), ("bgr", 3), ("gray", 1), ("rgba", 4)]),
    *(("image rgb orientation=apply", "noise 2", (2, 3, 3), orientation, None) for orientation in range(1, 9)),
    ("image bgr orientation=ignore", "noise 2", (2, 3, 3), 6, None),
    *((f"image rgb | {method} short=5", "noise 3", shape, 1, None)
      for method in ("bilinear", "pillow-13-bicubic") for shape in [(9, 13, 3), (13, 9, 3), (8, 8, 3), (3, 4, 3)]),
    ("image rgba | pillow-4-bilinear-alpha short=5", "noise 4", (7, 9, 4), 1, None),
    ("image rgba | pillow-13-lanczos-alpha short=5", "noise 4", (7, 9, 4), 1, None),
    *((f"image gray | nearest fit=96,96 round={r}", "noise 5", (704, 55, 1), 1, None)
      for r in ("even", "down", "half-up")),
    *((f"image gray | area fit=10,64 round={r}", "noise 5", (12, 9, 1), 1, None) for r in ("even", "down", "half-up")),
    *((f"image rgb | opencv-3.4-linear fit={fit}", "noise 6", shape, 1, None)
      for fit in ("8,8", "5,12") for shape in [(9, 13, 3), (13, 9, 3), (8, 8, 3), (1, 40, 3)]),
    *((f"image gray | crop 2,3{r}", "noise 7", (2 + d, 3 + (d + 2) % 4, 1), 1, None)
      for r in ("", " round=even") for d in range(8)),
    *((f"image gray | crop square{r}", "noise 8", shape, 1, None)
      for r in ("", " round=even") for shape in [(2, 5, 1), (9, 2, 1), (3, 3, 1)]),
    *((f"image rgb | pad 5,6{at}{value}", "noise 9", (2 + d, 3 + d, 3), 1, None) for d in (0, 1, 3)
      for at in ("", " at=corner") for value in ("", " value=114", " value=1,2,255")),
    *((f"image gray | pad square value=9{at}", "noise 10", shape, 1, None)
      for at in ("", " at=corner") for shape in [(2, 5, 1), (6, 1, 1), (3, 3, 1)]),
    *((f"image gray | normalize mean={m} std={s}{r}", *TABLE) for r in ("", " rounding=steps", " rounding=fused")
      for m, s in [("0.485", "0.229"), ("0.456", "0.224"), ("0.406", "0.225"), ("0.48145466", "0.26862954"),
                   ("0.5", "0.5"), ("0", "1"), ("-3.99999999", "0.000000001"), ("0.000000001", "4")]),
    *((f"image gray | normalize mean={m} std={s} range=255{r}", *TABLE) for r in ("", " rounding=steps")
      for m, s in [("123.675", "58.395"), ("103.939", "1"), ("127.5", "127.5"), ("0", "255"), ("-999999999", "1e-9"),
                   ("1.00000001", "999999999"), ("0.1", "0.3")]),
    *((f"image rgb | normalize {numbers} rounding={r}", "noise 11", (3, 5, 3), 1, None)
      for numbers in (IMAGE_NET, CLIP) for r in ("exact", "steps", "fused")),
    ("image bgr | normalize mean=103.939,116.779,123.68 std=1 range=255", "noise 12", (3, 5, 3), 1, None),
    ("image rgba | normalize mean=0.1,0.2,0.3,0.4 std=0.5 rounding=steps", "noise 13", (2, 2, 4), 1, None),
    *((f"image rgb orientation=apply | pillow-4-bilinear short=12 | crop 10,10 round=even | normalize {IMAGE_NET}"
       " rounding=steps", "noise 14", shape, orientation, None)
      for shape, orientation in [((19, 31, 3), 1), ((31, 20, 3), 6), ((17, 17, 3), 3)]),
    *(("image bgr orientation=ignore | opencv-3.4-linear fit=20,20 | pad 20,20 value=114 | normalize mean=0 std=1",
       "noise 15", shape, 8, None) for shape in [(19, 31, 3), (31, 20, 3), (10, 10, 3), (1, 50, 3)]),
    ("image rgb | torch-2.0-bilinear-antialias short=12 | crop 9,9 | normalize mean=0.5 std=0.5 rounding=fused",
     "extremes 16", (20, 15, 3), 1, None),
    ("image rgb | pad square value=128 | bicubic 9,9 | crop 7,4 | nearest short=8 | pad 20,9 at=corner | area fit=7,7",
     "noise 17", (11, 6, 3), 1, None),
    ("image gray | pad 4,4 value=9 | nearest 3,3" + " | pad 4,4 value=200 at=corner | crop 3,3" * 7, "noise 18",
     (2, 2, 1), 1, None),
    ("image rgb", "noise 1", (2, 3, 1), 1, "R-50"), ("image gray", "noise 1", (2, 3, 3), 1, "R-50"),
    ("image rgb alpha=drop", "noise 1", (2, 3, 4), 1, "R-50"), ("image rgba", "noise 1", (2, 3, 3), 1, "R-50"),
    *(("image rgb", "noise 1", (2, 3, 3), orientation, "R-51") for orientation in range(2, 9)),
    ("image rgb | pillow-4-bilinear-alpha 2,2", "noise 1", (2, 3, 3), 1, "R-18"),
    ("image rgb | pillow-4-bilinear-alpha 2,3", "noise 1", (2, 3, 3), 1, "R-18"),
    ("image rgb | bilinear short=2147483647", "noise 1", (2, 3, 3), 1, "R-52"),
    ("image rgb | crop 3,3", "noise 1", (2, 3, 3), 1, "R-53"),
    ("image rgb | crop 2,4", "noise 1", (2, 3, 3), 1, "R-53"),
    ("image rgb | pad 1,3", "noise 1", (2, 3, 3), 1, "R-54"), ("image rgb | pad 2,2", "noise 1", (2, 3, 3), 1, "R-54"),
    *((f"image gray | normalize mean={m} std={s} rounding=reciprocal", *TABLE)
      for m, s in [("0.485", "0.229"), ("0.456", "0.224"), ("0.406", "0.225"), ("0.48145466", "0.26862954"),
                   ("0.5", "0.5"), ("0", "1"), ("-3.99999999", "0.000000001"), ("0.000000001", "4")]),
    (f"image rgb | crop square | normalize {CLIP} rounding=reciprocal", "noise 11", (3, 5, 3), 1, None),
]  # fmt: skip
