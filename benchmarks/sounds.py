# SPDX-License-Identifier: MIT
"""Spectrograms beside other libraries' and hand-written ones: one thread, int16 samples in memory to a uint8 image.

`python -m benchmarks.sounds` writes sounds.md and sounds.json, of the peers that are installed; a folder of WAV files
of 16 bits as argument adds these to the signals whose pixels are compared with the float64 formula. It ends with status
1 if more pixels differ from that than are aimed at, or if an hour needs more memory than is.
"""

import argparse
import importlib.metadata
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

import isopixel
from benchmarks import machine, report
from benchmarks.measure import Calls, interleaved, summary

THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
RESULTS = Path(__file__).parent / "results"
SECONDS = 10  # of the sound that is timed
FEW = 256  # frames at a time, of what is written by hand
MOST_DIFFERENT = 2e-5  # share of pixels that differ from the float64 formula
MOST_MEMORY = 16  # MiB beside the result, of an hour

TEXT = """One thread each, interleaved rounds: minima in microseconds a frame; in brackets that of the library by that
of isopixel, of minima and of medians. Each makes a uint8 image of the levels of R-78 of ten seconds of int16 samples in
memory: noise of falling spectrum, whose loudness changes. *Differing* is the share of pixels unlike isopixel's."""
NOTE = """*SciPy* and *torch* are written by hand, in float32: frames, an FFT, a product with the bands' matrix, a
logarithm. kaldi-native-fbank has other bands and, for 400, pads the window to 512: it computes another image."""
FORMULA = """Share of pixels, of the signals together, that differ from the formula in float64 with the true Hann window
and real mel edges; all by one level."""


@dataclass(frozen=True)
class Setting:
    """A layout logmel of a sound of one channel, without options."""

    rate: int
    window: int
    hop: int
    bands: int

    @property
    def layout(self):
        return f"logmel,rate={self.rate},window={self.window},hop={self.hop},bands={self.bands}"

    def __str__(self):
        return f"{self.window}/{self.bands}"

    @property
    def full(self):
        """The power of a sine of full scale in the middle of a bin."""
        return (self.window / 4) ** 2


SETTINGS = (
    Setting(16000, 400, 160, 80),
    Setting(16000, 512, 160, 64),
    Setting(22050, 1024, 256, 80),
    Setting(22050, 2048, 512, 128),
)


def pink(n):
    """Noise of falling spectrum, int16, whose loudness goes up and down by 60 dB."""
    rng = np.random.default_rng(1)
    spectrum = np.fft.rfft(rng.standard_normal(n)) / np.sqrt(np.arange(n // 2 + 1) + 10)
    sound = np.fft.irfft(spectrum, n)
    loudness = 10 ** (1.5 * np.sin(np.arange(n) * 2e-4) - 1.5)
    return np.rint(32767 * np.clip(0.3 * loudness * sound / sound.std(), -1, 1)).astype(np.int16)


def signals(rate):
    """Noise, tones, chirps and what is between them, int16, by name."""
    rng, t = np.random.default_rng(2), np.arange(10 * rate) / rate
    pulse = np.cumsum(120 + 30 * np.sin(2 * np.pi * 0.7 * t)) / rate
    voice = sum(np.sin(2 * np.pi * k * pulse) / k for k in range(1, 40)) * (0.5 + 0.5 * np.sin(15 * t)) ** 2
    sounds = {
        "white noise": 0.2 * rng.standard_normal(len(t)),
        "quiet noise": 0.001 * rng.standard_normal(len(t)),
        "tones": sum(np.sin(2 * np.pi * f * t) for f in (110, 441.3, 1760, 3000)) / 4.1,
        "chirp": 0.9 * np.sin(2 * np.pi * (50 * t + (rate / 2 - 60) / 20 * t * t)),
        "harmonics": 0.2 * voice + 0.003 * rng.standard_normal(len(t)),
        "clicks": np.where(rng.random(len(t)) < 1e-3, rng.uniform(-1, 1, len(t)), 0),
    }
    made = {name: np.rint(32767 * np.clip(x, -1, 1)).astype(np.int16) for name, x in sounds.items()}
    return made | {"falling noise": pink(len(t))}


def filters(setting):
    """The triangles of R-76 and R-77 as real numbers, (bands, bins), float64."""
    top = 2595 * np.log10(1 + setting.rate // 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, setting.bands + 2) / 2595) - 1)
    bins = np.arange(setting.window // 2 + 1) * setting.rate / setting.window
    rising = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    return np.maximum(0, np.minimum(rising, falling))


def hann(setting):
    """The periodic window."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(setting.window) / setting.window)


def by_hand(setting, dtype, rfft):
    """The formula with an FFT, in a precision: a function of samples."""
    window, matrix = hann(setting).astype(dtype), np.ascontiguousarray(filters(setting).T.astype(dtype))
    full = dtype(setting.full)

    def image(samples):
        y = np.pad(samples.astype(dtype) / dtype(32768), setting.window // 2)
        frames = np.lib.stride_tricks.sliding_window_view(y, setting.window)[:: setting.hop]
        out = np.empty((setting.bands, len(frames)), np.uint8)
        for i in range(0, len(frames), FEW):
            spectrum = rfft(frames[i : i + FEW] * window, axis=1)
            power = (spectrum.real**2 + spectrum.imag**2) @ matrix
            levels = 255 + 8 * np.log2(np.maximum(power / full, dtype(1e-30)))
            out[:, i : i + FEW] = np.clip(np.floor(levels), 0, 255).astype(np.uint8).T
        return out

    return image


def ours(setting):
    return lambda samples: isopixel.from_samples(samples, setting.layout)


def scipy(setting):
    import scipy.fft

    return by_hand(setting, np.float32, scipy.fft.rfft)


def torch(setting):
    import torch

    torch.set_num_threads(1)
    window = torch.hann_window(setting.window)
    matrix = torch.from_numpy(filters(setting).astype(np.float32))

    @torch.no_grad()
    def image(samples):
        x = torch.from_numpy(samples).to(torch.float32) / 32768
        spectrum = torch.stft(x, setting.window, setting.hop, window=window, return_complex=True, pad_mode="constant")
        levels = 255 + 8 * torch.log2(torch.clamp(matrix @ spectrum.abs() ** 2 / setting.full, min=1e-30))
        return levels.floor().clamp(0, 255).to(torch.uint8).numpy()

    return image


def torchaudio(setting):
    import torch
    import torchaudio

    mel = torchaudio.transforms.MelSpectrogram(
        setting.rate, setting.window, hop_length=setting.hop, n_mels=setting.bands, pad_mode="constant"
    )

    @torch.no_grad()
    def image(samples):
        power = mel(torch.from_numpy(samples).to(torch.float32) / 32768)
        levels = 255 + 8 * torch.log2(torch.clamp(power / setting.full, min=1e-30))
        return levels.floor().clamp(0, 255).to(torch.uint8).numpy()

    return image


def librosa(setting):
    import librosa

    def image(samples):
        power = librosa.feature.melspectrogram(
            y=samples.astype(np.float32) / 32768,
            sr=setting.rate,
            n_fft=setting.window,
            hop_length=setting.hop,
            n_mels=setting.bands,
            htk=True,
            norm=None,
            pad_mode="constant",
        )
        levels = 255 + 8 * np.log2(np.maximum(power / np.float32(setting.full), np.float32(1e-30)))
        return np.clip(np.floor(levels), 0, 255).astype(np.uint8)

    return image


def kaldi(setting):
    import kaldi_native_fbank

    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.samp_freq = setting.rate
    options.frame_opts.frame_length_ms = 1000 * setting.window / setting.rate
    options.frame_opts.frame_shift_ms = 1000 * setting.hop / setting.rate
    options.frame_opts.window_type = "hanning"
    options.frame_opts.dither = options.frame_opts.preemph_coeff = 0
    options.frame_opts.remove_dc_offset = options.frame_opts.snip_edges = options.use_energy = False
    options.mel_opts.num_bins = setting.bands
    options.mel_opts.low_freq = options.mel_opts.high_freq = 0

    def image(samples):
        made = kaldi_native_fbank.OnlineFbank(options)
        made.accept_waveform(setting.rate, samples.astype(np.float32))
        made.input_finished()
        logs = np.stack([made.get_frame(i) for i in range(made.num_frames_ready)])
        levels = 255 + 8 * (logs / np.log(2) - np.log2(setting.full * 2.0**30))
        return np.clip(np.floor(levels), 0, 255).astype(np.uint8).T

    return image


@dataclass(frozen=True)
class Peer:
    """A library.

    Attributes:
        name: as the table has it.
        package: that it is in.
        make: of a setting, a function from samples to an image; raises where it cannot be loaded.
    """

    name: str
    package: str
    make: Callable


PEERS = (
    Peer("SciPy rfft, float32", "scipy", scipy),
    Peer("torch.stft and matmul", "torch", torch),
    Peer("torchaudio", "torchaudio", torchaudio),
    Peer("librosa", "librosa", librosa),
    Peer("kaldi-native-fbank", "kaldi-native-fbank", kaldi),
)


def measure(setting, seconds, progress):
    """Times isopixel and the peers; by name their times and their share of pixels that differ, or why they are not."""
    samples = pink(SECONDS * setting.rate)
    makers, missing = {report.OURS: ours(setting)}, {}
    for peer in PEERS:
        try:
            name = f"{peer.name} {importlib.metadata.version(peer.package)}"
            makers[name] = peer.make(setting)
        except ModuleNotFoundError:  # as importlib.metadata raises too
            missing[peer.name] = {"missing": "it is not installed"}
        except OSError:
            missing[peer.name] = {"missing": "the installed one does not load beside this torch"}
    progress(f"{setting}: {', '.join(makers)}")
    runners = {name: Calls([partial(image, samples)]) for name, image in makers.items()}
    right, record = makers[report.OURS](samples), {}
    for name, times in interleaved(runners, 1, seconds, warm=True).items():
        image = runners[name].result()
        different = float(np.mean(image != right)) if image.shape == right.shape else None
        record[name] = summary([1e3 * t / right.shape[1] for t in times]) | {"different": different}
    return record | missing


def read_wav(path):
    """Returns the samples of a WAV file of 16 bits, its first channel, and its rate."""
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != 2:
            raise ValueError(f"{path}: {8 * file.getsampwidth()} bits a sample, and 16 are read")
        raw = file.readframes(file.getnframes())
        return np.ascontiguousarray(np.frombuffer(raw, "<i2")[:: file.getnchannels()]), file.getframerate()


def departures(setting, recorded):
    """By signal, how many pixels there are, how many differ from the float64 formula, and by how much at most."""
    formula = by_hand(setting, np.float64, np.fft.rfft)
    sounds = signals(setting.rate) | {name: x for name, (x, rate) in recorded.items() if rate == setting.rate}
    counts = {}
    for name, samples in sounds.items():
        image = isopixel.from_samples(samples, setting.layout)
        off = np.abs(image.astype(int) - formula(samples))
        counts[name] = {"pixels": image.size, "different": int(np.count_nonzero(off)), "most": int(off.max())}
    return counts


def memory_of_an_hour(setting):
    """MiB that `from_file` needs beside its result for an hour, in a process of its own, and the seconds it takes."""
    n = 3600 * setting.rate
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hour.wav"
        with path.open("wb") as file:
            head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 0, b"WAVE", b"fmt ", 16, 1, 1, setting.rate, 0, 2, 16)
            file.write(head + struct.pack("<4sI", b"data", 2 * n))
            minute = pink(60 * setting.rate).tobytes()
            for _ in range(60):
                file.write(minute)
        command = [sys.executable, "-m", "benchmarks.sounds", "--hour", path, setting.layout]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def largest_memory():
    """The most memory that this process has had, in MiB, on Linux; getrusage has that of its parent too."""
    return int(re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024


def hour(path, layout):
    """Prints what one process needs: the growth of its largest memory, without the result."""
    isopixel.from_samples(np.zeros(70_000, np.int16), layout)
    before, begun = largest_memory(), time.perf_counter()
    image = isopixel.from_file(path, layout)
    seconds, result = time.perf_counter() - begun, image.nbytes / 2**20
    print(json.dumps({"MiB": largest_memory() - before - result, "result": result, "seconds": seconds}))


def timing_table(settings):
    """A row for each peer, a column for each setting."""
    names = list(dict.fromkeys(name for setting in settings for name in setting["times"]))

    def cell(times, name):
        measured = times[name]
        if "missing" in measured:
            return "–"
        text = f"{measured['minimum']:.2f}"
        if name == report.OURS:
            return text
        least, middle = (measured[kind] / times[report.OURS][kind] for kind in ("minimum", "median"))
        different = "another shape" if measured["different"] is None else f"{measured['different']:.3%}"
        return f"{text} ({least:.2f}×, {middle:.2f}×), differing {different}"

    rows = [[name, *(cell(setting["times"], name) for setting in settings)] for name in names]
    return report.table(["µs a frame", *(setting["name"] for setting in settings)], rows)


def share(counts):
    return sum(c["different"] for c in counts.values()) / sum(c["pixels"] for c in counts.values())


def markdown(results):
    settings = results["settings"]
    missing = {
        f"{name} is left out: {found['missing']}."
        for setting in settings
        for name, found in setting["times"].items()
        if "missing" in found
    }
    shares = [[s["name"], f"{share(s['formula']):.4%}", f"{len(s['formula'])}"] for s in settings]
    hours = [[s["name"], *(f"{s['hour'][key]:.1f}" for key in ("MiB", "result", "seconds"))] for s in settings]
    parts = [
        "# Sounds",
        report.machine_text(results["machine"]),
        TEXT,
        NOTE,
        timing_table(settings),
        *sorted(missing),
        "## Beside the float64 formula",
        FORMULA,
        report.table(["layout", "differing", "signals"], shares),
        "## An hour in one channel of 16 bits, from a file",
        report.table(["layout", "MiB beside the result", "MiB of the result", "seconds"], hours),
    ]
    return "\n\n".join(parts) + "\n"


def misses(results):
    """What falls short of what is aimed at, as texts."""
    for setting in results["settings"]:
        if share(setting["formula"]) > MOST_DIFFERENT or any(c["most"] > 1 for c in setting["formula"].values()):
            yield f"{setting['name']}: {share(setting['formula']):.4%} of the pixels differ from the formula"
        if setting["hour"]["MiB"] > MOST_MEMORY:
            yield f"{setting['name']}: an hour needs {setting['hour']['MiB']:.0f} MiB"


def run(folder, seconds, recordings, progress):
    """Measures all, writes sounds.md and sounds.json, and returns what falls short."""
    recorded = {path.name: read_wav(path) for path in sorted(recordings.glob("*.wav"))} if recordings else {}
    results = {"machine": machine.describe(), "settings": []}
    for setting in SETTINGS:
        times = measure(setting, seconds, progress)
        progress(f"{setting}: the formula, and an hour")
        counts, memory = departures(setting, recorded), memory_of_an_hour(setting)
        results["settings"].append({"name": str(setting), "times": times, "formula": counts, "hour": memory})
    text = markdown(results)
    print(text)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sounds.md").write_text(text, encoding="utf-8")
    (folder / "sounds.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return list(misses(results))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=20, help="to spend on each layout (default %(default)s)")
    parser.add_argument("--hour", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("recordings", nargs="?", type=Path, help="folder of WAV files to compare with the formula too")
    parser.add_argument(
        "-o", "--output", type=Path, default=RESULTS, help="folder of the results (default %(default)s)"
    )
    options = parser.parse_args()
    if any(os.environ.get(name) != "1" for name in THREADS):  # which libraries read while they are loaded
        command = [sys.executable, "-m", "benchmarks.sounds", *sys.argv[1:]]
        os.execve(sys.executable, command, os.environ | dict.fromkeys(THREADS, "1"))
    if options.hour:
        return hour(*options.hour)
    wrong = run(options.output, options.seconds, options.recordings, partial(print, file=sys.stderr, flush=True))
    sys.exit("; ".join(wrong) or None)


if __name__ == "__main__":
    main()
