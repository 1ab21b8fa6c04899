# SPDX-License-Identifier: MIT
"""A data set of sounds that are synthesised here, as WAV files in folders of classes."""

import wave

import numpy as np

TRAIN, TEST = 200, 100  # clips of each class
RATE = 8000  # samples a second, of 16 bits


def sine(rng, t, pitch):
    """A tone with vibrato."""
    return np.sin(2 * np.pi * pitch * t + rng.uniform(0, 3) * np.sin(2 * np.pi * rng.uniform(3, 7) * t))


def square(rng, t, pitch):
    """A pulse wave of a random width."""
    return np.where((pitch * t) % 1 < rng.uniform(0.2, 0.5), 1.0, -1.0)


def sawtooth(rng, t, pitch):
    """A sawtooth wave beside a second one, out of tune."""
    return (pitch * t) % 1 + (pitch * rng.uniform(0.99, 1.01) * t) % 1 - 1


def bell(rng, t, pitch):
    """Frequency modulation whose depth decays."""
    depth = rng.uniform(2, 6) * np.exp(-t * rng.uniform(1, 4))
    return np.sin(2 * np.pi * pitch * t + depth * np.sin(2 * np.pi * pitch * rng.uniform(1.3, 3.7) * t))


def pluck(rng, t, pitch):
    """A plucked string: noise in a delay line that averages (Karplus and Strong, 1983)."""
    line = rng.uniform(-1, 1, max(2, round(RATE / pitch)))
    turns = []
    for _ in range(-(-len(t) // len(line))):
        turns.append(line)
        line = (line + np.roll(line, 1)) / 2
    return np.concatenate(turns)[: len(t)]


def chirp(rng, t, pitch):
    """A tone that glides by up to two octaves."""
    ratio = 2 ** rng.uniform(0.5, 2)
    phase = pitch * t[-1] * (ratio ** (t / t[-1]) - 1) / np.log(ratio)
    return np.sin(2 * np.pi * phase)


def wind(rng, t, pitch):
    """Noise through a resonance at the pitch."""
    spectrum = np.fft.rfft(rng.normal(size=len(t)))
    frequency = np.fft.rfftfreq(len(t), 1 / RATE)
    sound = np.fft.irfft(spectrum / (1 + ((frequency - pitch) / (0.3 * pitch)) ** 2), len(t))
    return sound / np.abs(sound).max()


def drums(rng, t, pitch):
    """Beats: bursts of noise that decay."""
    beat = rng.uniform(0.15, 0.4)
    return rng.uniform(-1, 1, len(t)) * np.exp(-(t % beat) * rng.uniform(15, 40))


INSTRUMENTS = (sine, square, sawtooth, bell, pluck, chirp, wind, drums)


def clip(instrument, rng):
    """Returns a clip of 1 to 3 seconds, int16: a random pitch, loudness, attack and decay, over some hiss."""
    t = np.arange(round(RATE * rng.uniform(1, 3))) / RATE
    sound = instrument(rng, t, 110 * 2 ** rng.uniform(0, 3))
    envelope = np.minimum(1, t / rng.uniform(0.005, 0.2)) * np.exp(-t * rng.uniform(0, 2))
    hiss = rng.normal(size=len(t)) * 10 ** rng.uniform(-3, -1)
    sound = rng.uniform(0.1, 0.9) * (sound * envelope + hiss)
    return np.rint(32767 * sound.clip(-1, 1)).astype("<i2")


def samples_of(path):
    """Returns the samples of a clip, int16."""
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def collect(folder):
    """Writes the clips to folder/train/CLASS and folder/test/CLASS."""
    for index, instrument in enumerate(INSTRUMENTS):
        for side, count in (("train", TRAIN), ("test", TEST)):
            target = folder / side / instrument.__name__
            target.mkdir(parents=True)
            for number in range(count):
                rng = np.random.default_rng((index, side == "test", number))
                with wave.open(str(target / f"{number:03}.wav"), "wb") as file:
                    file.setnchannels(1)
                    file.setsampwidth(2)
                    file.setframerate(RATE)
                    file.writeframes(clip(instrument, rng).tobytes())
