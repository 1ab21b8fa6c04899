# SPDX-License-Identifier: MIT
"""Recording: what a trace has of a program, and what it never has."""

import contextlib
import getpass
import io
import json
import os
import pickle
import platform
import random
import signal
import socket
import subprocess
import sys
import threading
import warnings
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

import isopixel
from isopixel._trace.comparing import findings
from isopixel._trace.file import load
from isopixel._trace.recording import recorder
from isopixel._trace.recording.arguments import last_part, plain, without_paths

IMAGE = np.random.default_rng(3).integers(0, 256, (40, 70, 3), dtype=np.uint8)


@pytest.fixture
def photo(tmp_path):
    """A JPEG whose orientation is 6."""
    exif = Image.Exif()
    exif[0x112] = 6
    Image.fromarray(IMAGE).save(tmp_path / "phöto.jpg", exif=exif)
    return tmp_path / "phöto.jpg"


def summary(recording):
    return [(step.library, step.name, step.kind) for step in recording.trace.steps]


def test_a_step_returns_what_it_gets_also_without_a_trace():
    thing = object()
    assert isopixel.step("a", thing, note=1) is thing
    with isopixel.trace() as recording:
        assert isopixel.step("a", thing, note=1) is thing
        assert isopixel.step("b", IMAGE, scale=0.5, path=Path("/home/somebody/x.png")) is IMAGE
    none, image = recording.trace.steps
    assert (none.name, none.output, none.library) == ("a", None, "checkpoint")
    assert (image.output, image.arguments) == (0, {"scale": 0.5, "path": "x.png"})
    assert image.at.startswith("test_trace_recording.py:")


def test_pillow_decodes_when_it_does(photo):
    with isopixel.trace() as recording:
        image = Image.open(photo)
        isopixel.step("opened", None)
        small = image.resize((5, 4), Image.Resampling.BOX)
    opened, decode, resize = recording.trace.steps
    assert (opened.name, decode.name, resize.name) == ("opened", "decode", "resize")
    assert decode.facts == {
        "file": "phöto.jpg",
        "bytes": photo.stat().st_size,
        "sha256": isopixel._saving.describe(photo).sha256,
        "format": "JPEG",
        "mode": "RGB",
        "size": [40, 70],
        "orientation": 6,
    }
    assert decode.output == resize.inputs[0] and decode.inputs == ()
    assert resize.arguments == {"size": [5, 4], "resample": "BOX", "box": None, "reducing_gap": None}
    values = recording.trace.values
    assert values[resize.output].fingerprint == isopixel.fingerprint(np.asarray(small))
    np.testing.assert_array_equal(values[decode.output].array, np.asarray(image))


def test_what_changes_an_image_in_place(photo):
    with isopixel.trace() as recording:
        image = Image.open(photo)
        image.thumbnail((20, 20))
        image.paste(3, (0, 0, 5, 5))
        image.paste(3, (0, 0, 5, 5))
        tensor = torch.ones(3, 4)
        tensor.mul_(2)
        array = IMAGE.copy()
        cv2.flip(array, 1, dst=array)
        other = np.empty_like(array)
        cv2.flip(array, 1, dst=other)
    decode, thumbnail, paste, again, scale, turn, out = recording.trace.steps
    assert thumbnail.inputs == (decode.output,) and thumbnail.is_in_place and thumbnail.output != decode.output
    assert paste.inputs == (thumbnail.output,) and paste.is_in_place
    assert again.inputs == (again.output,) == (paste.output,) and not again.is_in_place  # it changed nothing
    assert scale.is_in_place and scale.inputs != (scale.output,)
    assert turn.is_in_place and turn.inputs != (turn.output,)
    assert not out.is_in_place and out.inputs == (turn.output,) and out.output == turn.inputs[0]


def test_what_opencv_is_called_with():
    with isopixel.trace() as recording:
        cv2.resize(IMAGE, (5, 4))
        cv2.resize(IMAGE, dsize=None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        cv2.cvtColor(IMAGE, cv2.COLOR_RGB2GRAY)
        cv2.copyMakeBorder(IMAGE, 1, 2, 3, 4, cv2.BORDER_REFLECT_101)
        cv2.merge(cv2.split(IMAGE))
    steps = recording.trace.steps
    assert steps[0].arguments == {"dsize": [5, 4], "interpolation": "INTER_LINEAR"}
    assert steps[1].arguments == {"dsize": None, "fx": 0.5, "fy": 0.5, "interpolation": "INTER_AREA"}
    assert steps[2].arguments == {"code": "COLOR_RGB2GRAY"}
    assert {"top": 1, "bottom": 2, "left": 3, "right": 4}.items() <= steps[3].arguments.items()
    assert [step.name for step in steps[4:]] == ["split"] * 3 + ["merge"]
    assert steps[-1].inputs == tuple(step.output for step in steps[4:7]) and len(steps[-1].inputs) == 3


@pytest.mark.parametrize("mode", ["RGB", "P", "1"])
def test_the_filter_that_pillow_uses_by_default(mode):
    with isopixel.trace() as recording:
        Image.new(mode, (9, 9)).resize((3, 3))
    assert recording.trace.steps[0].arguments["resample"] == ("BICUBIC" if mode == "RGB" else "NEAREST")


def test_what_files_are_read_and_written(photo, tmp_path):
    data = photo.read_bytes()
    with isopixel.trace() as recording:
        picture = cv2.imread(str(photo))
        cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
        assert cv2.imread(str(tmp_path / "none.png")) is None
        cv2.imwrite(str(tmp_path / "a.png"), picture)
        cv2.imencode(".png", picture)
        Image.open(io.BytesIO(data)).save(tmp_path / "b.png", compress_level=1)
        with (tmp_path / "c.png").open("wb") as file:
            Image.fromarray(picture).save(file, "PNG")
        np.fromfile(photo, np.uint8)
        isopixel.read_picture(photo, orientation="apply")
        with photo.open("rb") as file:
            file.seek(7)
            Image.open(file).load()
    steps = {step.name: step for step in recording.trace.steps}
    digest = steps["imread"].facts["sha256"] if steps["imread"].output is not None else None
    by_name = [(step.name, step.facts.get("file"), step.output is None) for step in recording.trace.steps]
    assert digest is None and by_name == [
        ("imread", "phöto.jpg", False),
        ("frombuffer", None, False),
        ("imdecode", None, False),
        ("imread", "none.png", True),
        ("imwrite", "a.png", True),
        ("imencode", None, True),
        ("decode", None, False),
        ("save", "b.png", True),
        ("fromarray", None, False),
        ("save", "c.png", True),
        ("fromfile", "phöto.jpg", False),
        ("read_picture", "phöto.jpg", False),
        ("decode", "phöto.jpg", False),
    ]
    read = [step for step in recording.trace.steps if step.name in ("frombuffer", "imdecode", "decode", "fromfile")]
    assert {step.facts["sha256"] for step in read} == {isopixel._saving.describe(photo).sha256}
    assert steps["save"].facts["sha256"] == isopixel._saving.describe(tmp_path / "c.png").sha256
    assert steps["imdecode"].facts["orientation"] == 6 and steps["imdecode"].arguments["flags"] == "IMREAD_GRAYSCALE"
    assert steps["imwrite"].inputs == (recording.trace.steps[0].output,)


def test_a_file_that_is_too_long_is_not_read(tmp_path):
    with (tmp_path / "large.raw").open("wb") as file:
        file.truncate(1 << 40)
    mapped = np.memmap(tmp_path / "large.raw", np.uint8, "r")
    with isopixel.trace() as recording:
        np.fromfile(tmp_path / "large.raw", np.uint8, count=5)
        np.frombuffer(mapped, np.uint8)
        np.frombuffer(bytearray(b"abcdef"), np.uint8, offset=2)
    assert [step.facts.get("bytes") for step in recording.trace.steps] == [None, None, 6]
    assert recording.trace.steps[0].facts == {"file": "large.raw"} and len(recording.trace.values) == 2


@pytest.mark.filterwarnings("ignore:__array__ implementation")  # of torch's
def test_what_numpy_converts():
    with isopixel.trace() as recording:
        image = Image.fromarray(IMAGE)
        np.asarray(image)
        np.array(torch.ones(2, 3))
        np.asarray([[1, 2], [3, 4]])
        np.asarray(IMAGE)
        np.clip(3, 1, 2)
        np.pad(IMAGE, 2)
        np.concatenate([IMAGE, IMAGE])
    assert [name for _, name, _ in summary(recording)] == ["fromarray", "asarray", "array", "pad", "concatenate"]
    assert recording.trace.steps[-1].inputs == (0, 0)


def test_parts_of_arrays():
    """What shares the memory of another array, and is read, is a step of its own."""
    image = np.random.default_rng(5).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    with isopixel.trace() as recording:
        part = np.asarray(image[3:33, ::-1])
        isopixel.step("of the part", part[1:21, 2:32].transpose(2, 0, 1))
        isopixel.step("of all", image[4:14])
        isopixel.step("rows", image.reshape(-1)[:5000].reshape(50, 100))
        row = image.reshape(-1)[::-1].copy()
        isopixel.step("rows", row[:5000].reshape(50, 100))
    steps = [step for step in recording.trace.steps if step.library == "numpy"]
    assert [(step.name, dict(step.arguments)) for step in steps] == [
        ("__getitem__", {"index": ["3:33", "49::-1", "0:3"]}),
        ("__getitem__", {"index": ["1:21", "2:32", "0:3"]}),
        ("__getitem__", {"index": ["4:14", "0:50", "0:3"]}),
        ("reshape", {"shape": [50, 100], "start": 0}),
    ]
    assert steps[1].inputs == (steps[0].output,) and steps[2].inputs == steps[0].inputs
    assert all(step.at.startswith("test_trace_recording.py:") and not step.failure for step in steps)


def test_what_is_not_told_of_parts_of_arrays():
    """Single channels, every second pixel, exchanged axes, what a call made, and parts of much larger arrays."""
    image = np.random.default_rng(5).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    with isopixel.trace() as recording:
        for part in (image[..., 1], image[::2], image[5:, 5:].transpose(1, 0, 2), image[:5, :9], image[0], image.T):
            isopixel.step("part", part)
        turned = np.flip(image, 0)
        isopixel.step("made", turned)
        isopixel.step("bits", image.view(np.int8)[3:])
    assert [step.name for step in recording.trace.steps if step.library == "numpy"] == ["flip"]


def test_what_torch_does():
    with isopixel.trace() as recording:
        tensor = torch.from_numpy(IMAGE).permute(2, 0, 1)[None].float()
        small = torch.nn.functional.interpolate(tensor, (5, 4), mode="bilinear", antialias=True)
        ((small / 255 - 0.5) / 0.25)[:, :, 1:, :3].clamp(0, 1).to(torch.uint8).numpy()
        torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.ReLU())(small)
    names = [name for _, name, _ in summary(recording)]
    assert names == [
        *["from_numpy", "permute", "__getitem__", "float", "interpolate", "div", "sub", "div"],
        *["__getitem__", "clamp", "to", "numpy"],
    ]
    steps = recording.trace.steps
    assert steps[1].arguments == {"dims": [2, 0, 1]} and steps[5].arguments == {"other": 255}
    assert steps[4].arguments["antialias"] is True and steps[4].arguments["size"] == [5, 4]
    assert steps[8].arguments == {"index": [":", ":", "1:", ":3"]}
    assert all(one.output == other.inputs[0] for one, other in pairwise(steps))


def test_what_torch_does_with_a_model_and_what_it_writes_into():
    model = torch.nn.Linear(4, 4)
    with isopixel.trace() as recording:
        model.half().float().to(torch.float64)
        tensor = torch.ones(2, 3)
        torch.add(tensor, 1, out=torch.zeros(2, 3))
        torch.clamp(tensor, 0, 0.5, out=tensor)
    add, clamp = recording.trace.steps
    assert (add.name, add.inputs, add.is_in_place) == ("add", (0,), False)
    assert (clamp.name, clamp.inputs, clamp.is_in_place) == ("clamp", (0,), True)


def test_a_graph_is_of_what_the_program_calls():
    """The recorder reads no tensor while torch itself traces."""

    def function(x):
        return (x.float() / 255).permute(2, 0, 1)

    def graph():
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            made = torch.jit.trace(function, torch.zeros(2, 3, 4))
        return [node.kind() for node in made.graph.nodes()], [str(warning.message) for warning in caught]

    expected = graph()
    with isopixel.trace() as recording:
        assert graph() == expected
    assert not any(step.failure for step in recording.trace.steps)


def test_isopixel_itself(photo):
    recipe = isopixel.Recipe.parse("isopixel 1: image rgb orientation=apply | bilinear 8,8 | normalize mean=0 std=1")
    with isopixel.trace() as recording:
        isopixel.resize(IMAGE, (5, 4))
        isopixel.from_bytes(b"any bytes", "square")
        recipe(photo)
        recipe.read(photo)
    resize, layout, call, read = recording.trace.steps
    assert (resize.library, resize.kind, resize.arguments["method"]) == ("isopixel", "resize", "bilinear")
    assert layout.arguments["layout"] == "square" and layout.facts["bytes"] == 9
    assert call.arguments["recipe"] == read.arguments["recipe"] == recipe.line
    assert call.output == read.output and read.facts["file"] == "phöto.jpg"


def test_a_step_names_the_libraries_that_it_calls():
    data = _png()
    with isopixel.trace() as recording:
        isopixel.read_picture(data, "rgb")
        ImageOps.fit(Image.fromarray(IMAGE), (9, 9))
    picture, _, fit = recording.trace.steps
    assert "pillow.decode" in picture.by and fit.by == ()


def _png():
    file = io.BytesIO()
    Image.fromarray(IMAGE).save(file, "PNG")
    return file.getvalue()


def pipeline(photo):
    """Some calls of each library, with random numbers in between."""
    yield np.asarray(Image.open(photo).convert("RGB").resize((30, 20)))
    yield cv2.resize(cv2.imread(str(photo)), (9, 9), interpolation=cv2.INTER_AREA)
    yield (torch.rand(3, 8, 8) + torch.from_numpy(IMAGE[:8, :8].copy()).permute(2, 0, 1).float()).numpy()
    yield np.random.rand(4, 4)
    yield np.clip(np.asarray([random.random(), cv2.randu(np.zeros((1, 1)), 0, 9)[0, 0]]), 0, 1)
    yield isopixel.resize(IMAGE, (3, 4))


def seeded(photo):
    np.random.seed(1)
    random.seed(1)
    torch.manual_seed(1)
    cv2.setRNGSeed(1)
    return [array.tobytes() for array in pipeline(photo)]


def test_results_and_random_numbers_stay_the_same(photo, tmp_path):
    expected = seeded(photo)
    for keep in (0, 1 << 20):
        with isopixel.trace(tmp_path / "a.trace", keep=keep) as recording:
            assert seeded(photo) == expected
        assert len(recording.trace.steps) > 12 and not any(step.failure for step in recording.trace.steps)
    assert seeded(photo) == expected


def test_arrays_that_are_kept_are_copies():
    array = IMAGE.copy()
    with isopixel.trace() as recording:
        isopixel.step("a", array)
        array[:] = 0
        isopixel.step("b", array)
    one, other = recording.trace.values
    np.testing.assert_array_equal(one.array, IMAGE)
    assert not other.array.any() and not one.array.flags.writeable


def test_bfloat16_is_kept_as_its_values(tmp_path):
    tensor = torch.tensor([[1.0, -2.5], [3.25, 0.0]], dtype=torch.bfloat16)
    with isopixel.trace(tmp_path / "a.trace") as recording:
        isopixel.step("a", tensor)
    for trace in (recording.trace, load(tmp_path / "a.trace")):
        np.testing.assert_array_equal(trace.values[0].array, tensor.float().numpy())


def test_there_is_one_trace_at_a_time():
    with isopixel.trace() as outer:
        inner = isopixel.trace()
        with pytest.raises(RuntimeError, match="one at a time"), inner:
            raise AssertionError
        with pytest.raises(RuntimeError, match="one at a time"), outer:
            raise AssertionError
        cv2.flip(IMAGE, 0)
    assert len(outer.trace.steps) == 1 and inner.trace.steps == ()
    with pytest.raises(RuntimeError, match="has ended"), outer:
        raise AssertionError
    with inner:
        cv2.flip(IMAGE, 0)
    assert len(inner.trace.steps) == 1


def test_the_error_of_the_program_passes(tmp_path):
    error = KeyError("mine")
    with pytest.raises(KeyError) as caught, isopixel.trace(tmp_path / "a.trace") as recording:
        cv2.flip(IMAGE, 0)
        raise error
    assert caught.value is error
    assert load(tmp_path / "a.trace") == recording.trace and len(recording.trace.steps) == 1
    with pytest.raises(cv2.error, match="resize"), isopixel.trace() as recording:
        cv2.resize(IMAGE, (0, 0))
    (step,) = recording.trace.steps
    assert (step.name, step.output, step.facts) == ("resize", None, {"error": "error"})


def test_a_failure_of_the_recorder_is_recorded_and_never_raised(monkeypatch):
    def fail(*args):
        raise OSError(f"cannot read '{Path.home()}/secret/x.png' or C:\\Users\\me\\y.png")

    with isopixel.trace() as recording:
        monkeypatch.setattr("isopixel._trace.recording.recorder.describe", fail)
        result = cv2.flip(IMAGE, 0)
        assert isopixel.step("a", IMAGE) is IMAGE
    np.testing.assert_array_equal(result, IMAGE[::-1])
    flip, step = recording.trace.steps
    assert flip.failure == step.failure == "OSError: cannot read 'y.png"
    assert flip.output is None


def test_a_file_that_cannot_be_written_any_more(tmp_path):
    with pytest.warns(RuntimeWarning, match="breaks off"), isopixel.trace(tmp_path / "a.trace") as recording:
        cv2.flip(IMAGE, 0)
        recording._writer._file.close()
        cv2.flip(IMAGE, 1)
        cv2.flip(IMAGE, -1)
    assert len(recording.trace.steps) == 3 and len(recording.trace.warnings) == 1
    assert len(load(tmp_path / "a.trace").steps) == 1


def test_a_file_that_cannot_be_written_where_warnings_are_errors(tmp_path):
    """The program goes on, and its own error passes."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(KeyError), isopixel.trace(tmp_path / "a.trace") as recording:
            recording._writer._file.close()
            cv2.flip(IMAGE, 0)
            raise KeyError
    assert len(recording.trace.steps) == 1 and "breaks off" in recording.trace.warnings[0]


class Odd:
    """What cannot be told."""

    def __str__(self):
        raise ValueError(self)


def test_what_cannot_be_told_is_a_failure_of_the_recorder(tmp_path):
    with isopixel.trace(tmp_path / "a.trace") as recording:
        assert isopixel.step(Odd(), IMAGE) is IMAGE
        isopixel.step("a", IMAGE, odd={Odd(): 1})
        cv2.flip(IMAGE, 0)
    assert [step.failure for step in recording.trace.steps] == ["ValueError", "ValueError", ""]
    assert load(tmp_path / "a.trace") == recording.trace


def interrupted(work, at):
    """Calls a function, with an interrupt at a line of the recorder; returns how many of its lines were run."""
    count = 0

    def line(frame, event, argument):
        nonlocal count
        if event != "line" or frame.f_code.co_name in ("__enter__", "__exit__", "_end", "restore"):
            return line  # between whose own lines, of which there are few, nothing can help
        count += 1
        if count == at:
            raise KeyboardInterrupt
        return line

    def call(frame, event, argument):
        return line if "_trace/" in frame.f_code.co_filename else None

    sys.settrace(call)
    try:
        work()
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(None)
    return count


@pytest.mark.parametrize("part", ["the calls", pytest.param("all of it", marks=pytest.mark.slow)])
def test_an_interrupt_anywhere_in_the_recorder(tmp_path, part):
    """The file stays a trace, also of a program that goes on; and everything is put back."""
    path, image = tmp_path / "a.trace", np.zeros((2, 2), np.uint8)

    def calls(at=0):
        with contextlib.suppress(KeyboardInterrupt):
            return interrupted(lambda: isopixel.step("a", cv2.flip(image + np.uint8(1), 0)), at)

    def program(at=0):
        with isopixel.trace(path):
            if part == "the calls":
                calls(at)
            isopixel.step("b", cv2.flip(image, 1))
            isopixel.step("c", image + np.uint8(2))

    before = {(owner, name): value for owner in (cv2, np, Image, Image.Image) for name, value in vars(owner).items()}
    with isopixel.trace(path):
        lines = calls()
    whole = lines if part == "the calls" else interrupted(program, 0)
    assert lines > 100
    for at in range(1, whole + 1, max(1, whole // 80)):
        path.unlink()
        with warnings.catch_warnings(record=True):
            program(at) if part == "the calls" else interrupted(program, at)
        if path.exists() and path.stat().st_size:
            trace = load(path)
            assert part != "the calls" or len(trace.steps) + len(trace.warnings) >= 1
        else:
            path.touch()
        assert [key for key, value in before.items() if vars(key[0]).get(key[1]) is not value] == []
        assert isopixel._trace.recording.tracing.active is None


@pytest.mark.parametrize("keep", [-1, (1 << 28) + 1, 1.5, "1", True, None])
def test_a_keep_that_is_none(keep):
    with pytest.raises((TypeError, ValueError), match="keep is"):
        isopixel.trace(keep=keep)


def test_what_is_no_trace_is_not_replaced(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("print()", encoding="ascii")
    with pytest.raises(ValueError, match=r"script\.py' is there and not a trace"), isopixel.trace(script):
        raise AssertionError
    assert script.read_text(encoding="ascii") == "print()"
    with pytest.raises(FileNotFoundError), isopixel.trace(tmp_path / "none" / "a.trace"):
        raise AssertionError
    for _ in range(2):
        with isopixel.trace(tmp_path / "a.trace"):
            assert not hasattr(cv2.flip, "none")
    assert load(tmp_path / "a.trace").steps == ()


def test_threads(tmp_path):
    def work(number):
        for i in range(20):
            isopixel.step(f"{number}", cv2.flip(IMAGE + np.uint8(number * 20 + i), 0))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    with isopixel.trace(tmp_path / "a.trace") as recording:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    trace = load(tmp_path / "a.trace")
    assert trace == recording.trace
    assert len(trace.steps) == 200 and len(trace.values) == 200
    assert trace.warnings == (
        "several threads call libraries: of torch, only what the thread of the trace calls is recorded",
    )


def test_a_process_that_was_forked_writes_nothing(tmp_path):
    with isopixel.trace(tmp_path / "a.trace") as recording:
        cv2.flip(IMAGE, 0)
        child = os.fork()
        if child == 0:
            cv2.flip(IMAGE, 1)
            isopixel.step("child", IMAGE)
            recording.__exit__(None, None, None)  # it leaves the block, as the other one does
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        cv2.flip(IMAGE, -1)
    assert load(tmp_path / "a.trace") == recording.trace and len(recording.trace.steps) == 2


SECRETS = [
    "/home/{user}/data/photo.png",
    "C:\\Users\\{user}\\photo.png",
    "\\\\{host}\\share\\photo.png",
    "https://{user}:pass@{host}/a/photo.png?user={user}#x",
    "s3://{user}@{host}/photo.png",
    "{user}@{host}:photo.png",
    "file:///home/{user}/photo.png",
    "../{user}/photo.png",
    "~{user}/photo.png",
]


@pytest.mark.parametrize("text", SECRETS)
def test_paths_are_cut_to_their_last_part(text):
    text = text.format(user="alice", host="alices-pc")
    for thing in (text, [text], {"a": (text,)}, {text: 1}, Path(text), [[text]]):
        assert "alice" not in json.dumps(plain(thing)) and "photo.png" in json.dumps(plain(thing))
    for words in ("cannot open '{}': no", "no {}", "{} and {}", "in '/home/alice b/c, d/x (1)/{}'", "{}" * 1000):
        assert "alice" not in without_paths(words.replace("{}", text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("photo.png", "photo.png"),
        ("", ""),
        ("/", ""),
        ("a/", "a"),
        ("C:photo.png", "photo.png"),
        ("https://alice:secret@host", ""),
        (str(Path.home()), "~"),
        (f"{Path.home()}/", "~"),
        ("/home/alice", "~"),
        ("C:\\Users\\alice\\", "~"),
        ("file:///home/alice", "~"),
        ("in /Users/alice", "~"),
        ("c:\\documents and settings\\alice", "~"),
        ("12:30", "12:30"),
        ("x" * 300, "x" * 200),
        ("größe 图", "größe 图"),
    ],
)
def test_other_texts(text, expected):
    assert last_part(text) == expected


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        (10**30, "<100 bits>"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (np.float32(0.5), 0.5),
        (np.bool_(True), True),
        (b"secret", "<bytes>"),
        pytest.param(object(), "<object>", id="object"),
        (torch.float32, "float32"),
        (np.dtype("uint8"), "uint8"),
        (np.uint8, "uint8"),
        (Image.Resampling.BOX, "BOX"),
        (slice(1, None, 2), "1::2"),
        (np.array([0.5, 0.25]), [0.5, 0.25]),
        (IMAGE, "<ndarray>"),
        (list(range(20)), [*range(16), "…"]),
        ({str(n): n for n in range(17)}, {**{str(n): n for n in range(16)}, "…": "…"}),
        ([[[["deep"]]]], [[["<list>"]]]),
    ],
    ids=str,
)
def test_arguments_as_json(thing, expected):
    assert plain(thing) == expected
    json.dumps(plain(thing), allow_nan=False)


def test_no_path_no_user_and_no_host_in_a_trace(tmp_path, monkeypatch):
    """A program that names these wherever it can."""
    folder = tmp_path / "of-alice" / "on-alices-pc"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    script = folder / "script.py"
    script.write_text(
        "import os, cv2, numpy as np, isopixel\n"
        "from pathlib import Path\nfrom PIL import Image\n"
        "here = Path.cwd()\nimage = np.zeros((40, 70, 3), np.uint8)\n"
        "Image.fromarray(image).save(here / 'a.png')\n"
        "cv2.imread(str(here / 'a.png')); cv2.imwrite(f'{here}/b.png', image); Image.open(here / 'a.png').load()\n"
        "Image.open(open(here / 'a.png', 'rb')).load(); np.fromfile(here / 'a.png', np.uint8)\n"
        "isopixel.read_picture(here / 'a.png'); isopixel.save(here / 'c.npy', image)\n"
        "isopixel.step(str(here), image, paths=[str(here), here, {'a': here}], text=f'in {here}', cwd=os.getcwd())\n"
        "isopixel.step(__file__, image, home=str(Path.home()))\n"
        "try: Image.open(here / 'none.png')\nexcept OSError: pass\n"
        "try: cv2.resize(image, (0, 0))\nexcept cv2.error: pass\n",
        encoding="ascii",
    )
    program = [sys.executable, "-m", "isopixel", "trace", "run", "-o", "a.trace", "--", str(script)]
    subprocess.run(program, check=True)
    text = (folder / "a.trace").read_text(encoding="utf-8")
    assert len(load(folder / "a.trace").steps) >= 12
    user, host = getpass.getuser(), socket.gethostname()
    hidden = [
        "/",
        "\\\\",
        "of-alice",
        "Users",
        str(Path.home()),
        host,
        platform.node(),
        *([user] if len(user) > 2 else []),
    ]
    for line in text.splitlines():
        record = json.loads(line)
        record.pop("samples", None)
        record.pop("tiles", None)  # base64, in which there are strokes
        found = [word for word in hidden if word in json.dumps(record)]
        assert not found, line


@pytest.mark.filterwarnings("ignore:numpy.core is deprecated")  # pickle looks for OpenCV's functions in all modules
def test_pickled_functions_are_the_functions():
    with isopixel.trace():
        data = pickle.dumps([cv2.resize, np.frombuffer, Image.open, isopixel.resize])
    assert pickle.loads(data) == [cv2.resize, np.frombuffer, Image.open, isopixel.resize]


@pytest.fixture
def noise():
    """A trace, to be begun, and what it is to record: floats that are not kept."""

    def make(path):
        recording = isopixel.trace(path, keep=0)
        recording.__enter__()
        isopixel.step("floats", isopixel.step("image", IMAGE) / 255)
        return recording

    return make


@pytest.mark.parametrize(
    ("error", "is_read"), [(None, True), (OSError, True), (SystemExit, True), (KeyboardInterrupt, False)]
)
def test_what_is_not_kept_is_read_when_the_program_ends_but_for_an_interrupt(tmp_path, noise, error, is_read):
    recording = noise(tmp_path / "a.trace")
    recording.__exit__(error, error and error(), None)
    assert bool(recording.trace.findings) == is_read
    assert load(tmp_path / "a.trace") == recording.trace


def test_an_interrupt_while_samples_are_read(tmp_path, noise, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(findings, "by_samples", interrupted)
    recording = noise(tmp_path / "a.trace")
    with pytest.raises(KeyboardInterrupt):
        recording.__exit__(None, None, None)
    assert load(tmp_path / "a.trace") == recording.trace and recording.trace.findings == ()
    assert not recording.trace.warnings
    with isopixel.trace():
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_ends_without_the_locks_of_other_threads(noise):
    """Which a thread held when the process was forked: it is not there to release them."""
    recording = noise(None)
    held, done = threading.Event(), threading.Event()

    def hold():
        with recording._lock, recorder._start:
            held.set()
            done.wait(20)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(20)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a fork beside threads
        child = os.fork()
    if child == 0:
        signal.alarm(10)  # which ends it if it waits
        recording.__exit__(None, None, None)
        os._exit(3 if recording._remembered else 0)
    status = os.waitpid(child, 0)[1]
    done.set()
    thread.join()
    recording.__exit__(None, None, None)
    assert status == 0 and recording.trace.findings


def test_samples_that_cannot_be_explained(tmp_path, noise, monkeypatch):
    def failing(*_):
        raise ValueError("no such thing")

    monkeypatch.setattr(findings, "by_samples", failing)
    recording = noise(tmp_path / "a.trace")
    recording.__exit__(None, None, None)
    assert "ValueError: no such thing" in recording.trace.warnings[0]
    assert load(tmp_path / "a.trace") == recording.trace


def test_how_much_is_remembered(monkeypatch):
    """The last samples that are not kept, as far as there is room."""
    monkeypatch.setattr(recorder, "REMEMBERED", 9 * IMAGE.size)  # an image and its float64
    with isopixel.trace(keep=0) as recording:
        for n in range(50):
            isopixel.step("floats", isopixel.step("image", IMAGE + np.uint8(n)) / 255)
            assert sum(array.nbytes for array in recording._remembered.values()) <= 9 * IMAGE.size
    assert [(finding.before, finding.after) for finding in recording.trace.findings] == [(98, 99)]
    assert recording._remembered == {}


@pytest.mark.parametrize(("limit", "most"), [("MOST_SAMPLES", 2 * IMAGE.size), ("MOST_PAIRS", 1)])
def test_how_much_is_read(monkeypatch, limit, most):
    monkeypatch.setattr(findings, limit, most)
    with isopixel.trace(keep=0) as recording:
        floats = isopixel.step("floats", isopixel.step("image", IMAGE) / 255)
        isopixel.step("other floats", floats * 2)
    assert [(finding.before, finding.after) for finding in recording.trace.findings] == [(1, 2)]
