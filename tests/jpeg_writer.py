# SPDX-License-Identifier: MIT
"""A writer of JPEG files from their coefficients: for those that encoders do not make.

It follows ITU-T T.81 and uses nothing of the readers that it is to test.
"""

from dataclasses import dataclass, field
from itertools import product

SOI, EOI = b"\xff\xd8", b"\xff\xd9"
JFIF = b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"


def zigzag():
    """For each place in a block's sequence, 8·v + u: the path that goes up to the right, and down to the left."""
    path, v, u, rises = [], 0, 0, True
    while len(path) < 64:
        path.append(8 * v + u)
        if rises:
            (v, u), rises = (v + 1, 7) if u == 7 else (0, u + 1) if v == 0 else (v - 1, u + 1), v > 0 and u < 7
        else:
            (v, u), rises = (7, u + 1) if v == 7 else (v + 1, 0) if u == 0 else (v + 1, u - 1), u == 0 or v == 7
    return path


ZIGZAG = zigzag()


def segment(marker, content):
    """A segment with its length."""
    return bytes([255, marker]) + (len(content) + 2).to_bytes(2, "big") + bytes(content)


def adobe(transform, length=14):
    """An Adobe marker; other lengths than 14 are short or have bytes behind."""
    return segment(0xEE, (b"Adobe\0\x64\0\0\0\0" + bytes([transform]) + bytes(9))[: length - 2])


def quantisation(number, values, wide=False):
    """A DQT of 64 values, 8·v + u."""
    raw = b"".join(int(values[place]).to_bytes(2 if wide else 1, "big") for place in ZIGZAG)
    return segment(0xDB, bytes([16 * wide + number]) + raw)


@dataclass
class Component:
    """A component of a frame; `blocks` has the coefficients, 8·v + u, by (row, column) of the whole MCUs."""

    identifier: int
    h: int
    v: int
    table: int = 0
    blocks: dict = field(default_factory=dict)
    written: tuple | None = None  # the factors that the frame has, if they are others

    def block(self, y, x):
        """The coefficients of a block; without any they are 0."""
        return self.blocks.get((y, x), [0] * 64)


@dataclass
class Scan:
    """A scan: the places of its components in the frame, and its band and bits."""

    components: tuple
    first: int = 0
    last: int = 63
    high: int = 0
    low: int = 0


@dataclass
class Picture:
    """What is written as a JPEG file, in the order of the fields."""

    height: int
    width: int
    components: list
    scans: list
    markers: bytes = b""  # behind SOI
    tables: bytes = b""
    progressive: bool = False
    sof: int | None = None
    precision: int = 8
    restart: int = 0
    skewed: bool = False  # Huffman codes of up to 16 bits instead of equal lengths
    behind_scans: bytes = b""  # between the data of each scan and what follows
    before_markers: bytes = b""  # more bytes 255 before each marker that follows the frame
    end: bytes = EOI

    @property
    def most(self):
        """The largest factors."""
        return max(c.h for c in self.components), max(c.v for c in self.components)

    def bytes(self):
        """The file."""
        sof = self.sof if self.sof is not None else 0xC2 if self.progressive else 0xC1
        fields = [(c.identifier, *(c.written or (c.h, c.v)), c.table) for c in self.components]
        content = bytes([self.precision]) + self.height.to_bytes(2, "big") + self.width.to_bytes(2, "big")
        content += bytes([len(fields)]) + b"".join(bytes([i, 16 * h + v, table]) for i, h, v, table in fields)
        data = SOI + self.markers + self.tables + segment(sof, content)
        if self.restart:
            data += self.before_markers + segment(0xDD, self.restart.to_bytes(2, "big"))
        for scan in self.scans:
            data += self.before_markers + self.scan_bytes(scan)
        return data + self.before_markers + self.end

    def scan_bytes(self, scan):
        """The tables of a scan, its header, and its data."""
        symbols = self.symbols(scan)
        used = {kind: sorted({s for k, s, *_ in symbols if k == kind}) for kind in (0, 1)}
        codes = {kind: codes_of(values, self.skewed) for kind, values in used.items()}
        data = b"".join(huffman(kind, 0, codes[kind]) for kind in (0, 1) if used[kind])
        header = bytes([len(scan.components)])
        header += b"".join(bytes([self.components[i].identifier, 0]) for i in scan.components)
        header += bytes([scan.first, scan.last, 16 * scan.high + scan.low])
        return data + segment(0xDA, header) + entropy(symbols, codes) + self.behind_scans

    def symbols(self, scan):
        """What the data of a scan is: (kind, symbol, bits, number of bits); kind 2 has bits alone, 3 is a restart."""
        run = SymbolsOfScan(scan, self.progressive)
        for number, mcu in enumerate(self.mcus(scan)):
            if self.restart and number and number % self.restart == 0:
                run.flush()
                run.predictions.clear()
                run.out.append((3, number // self.restart - 1, 0, 0))
            for component, y, x in mcu:
                run.add(component, self.components[component].block(y, x))
        run.flush()
        return run.out

    def mcus(self, scan):
        """The blocks of each MCU: (component, row, column)."""
        most_h, most_v = self.most
        if len(scan.components) == 1:
            (i,) = scan.components
            c = self.components[i]
            rows, columns = -(-self.height * c.v // most_v), -(-self.width * c.h // most_h)
            if len(self.components) == 1:
                rows, columns = self.height, self.width
            return [[(i, y, x)] for y, x in product(range(-(-rows // 8)), range(-(-columns // 8)))]
        mcus = product(range(-(-self.height // (8 * most_v))), range(-(-self.width // (8 * most_h))))
        chosen = [(i, self.components[i]) for i in scan.components]
        return [
            [(i, my * c.v + y, mx * c.h + x) for i, c in chosen for y, x in product(range(c.v), range(c.h))]
            for my, mx in mcus
        ]


class SymbolsOfScan:
    """The symbols of the blocks of a scan, in their order."""

    def __init__(self, scan, progressive):
        self.scan, self.progressive = scan, progressive
        self.out, self.predictions = [], {}
        self.ended, self.later = 0, []  # blocks whose band has ended, and the corrections of these

    def add(self, component, block):
        """A block."""
        scan = self.scan
        if scan.first == 0 and scan.high:
            self.out.append((2, 0, block[0] >> scan.low & 1, 1))
        elif scan.first == 0:
            value = block[0] >> scan.low
            self.number(0, 0, value - self.predictions.get(component, 0))
            self.predictions[component] = value
        if scan.last == 0:
            return
        band = [block[place] for place in ZIGZAG[max(1, scan.first) : scan.last + 1]]
        if scan.high:
            self.correct(band)
        else:
            self.band([towards_zero(c, scan.low) for c in band])

    def number(self, kind, run, value):
        """A symbol with a number."""
        size = abs(value).bit_length()
        self.out.append((kind, 16 * run + size, value if value >= 0 else value + (1 << size) - 1, size))

    def band(self, values):
        """Coefficients that come for the first time."""
        last = max((k for k, value in enumerate(values) if value), default=-1)
        run = 0
        if last >= 0:
            self.flush()
        for value in values[: last + 1]:
            if not value:
                run += 1
                continue
            self.out += [(1, 0xF0, 0, 0)] * (run // 16)
            self.number(1, run % 16, value)
            run = 0
        if last + 1 < len(values):
            self.end_band([])

    def end_band(self, corrections):
        """The rest of a block is 0, but for corrections."""
        self.ended += 1
        self.later += corrections
        if not self.progressive or self.ended == 32767:
            self.flush()

    def flush(self):
        """The blocks whose bands have ended so far."""
        if self.ended:
            size = self.ended.bit_length() - 1
            self.out.append((1, 16 * size, self.ended - (1 << size), size))
            self.out += self.later
        self.ended, self.later = 0, []

    def correct(self, band):
        """One more bit of coefficients."""
        low = self.scan.low
        magnitudes = [abs(c) >> low for c in band]
        last = max((k for k, m in enumerate(magnitudes) if m == 1), default=-1)  # that is new
        run, corrections = 0, []
        for k, (c, m) in enumerate(zip(band, magnitudes, strict=True)):
            if m > 1:
                corrections.append((2, 0, m & 1, 1))
                continue
            if k > last:
                continue
            if m == 0:
                run += 1
                if run == 16:
                    self.flush()
                    self.out += [(1, 0xF0, 0, 0), *corrections]
                    run, corrections = 0, []
                continue
            self.flush()
            self.out += [(1, 16 * run + 1, int(c > 0), 1), *corrections]
            run, corrections = 0, []
        if last + 1 < len(band):
            self.end_band(corrections)


def towards_zero(c, low):
    return c >> low if c >= 0 else -(-c >> low)


def codes_of(values, skewed):
    """For each value its (length, code): equal lengths, or as unequal as 16 bits allow. None has only ones."""
    lengths = []
    while skewed and len(values) - len(lengths) > 1:
        longest = len(lengths) + 1 + (len(values) - len(lengths) - 1).bit_length()
        if longest > 16:
            break
        lengths.append(len(lengths) + 1)
    rest = len(values) - len(lengths)
    lengths += [len(lengths) + max(1, rest.bit_length())] * rest
    codes, code, former = {}, 0, 0
    for value, length in zip(values, lengths, strict=True):
        code <<= length - former
        codes[value] = length, code
        code, former = code + 1, length
    return codes


def huffman(kind, number, codes):
    """A DHT with some codes, whose lengths rise."""
    counts = [sum(length == n for length, _ in codes.values()) for n in range(1, 17)]
    return segment(0xC4, bytes([16 * kind + number, *counts, *codes]))


def entropy(symbols, codes):
    """The data of a scan."""
    data, bits, n = bytearray(), 0, 0

    def put(value, count):
        nonlocal bits, n
        bits, n = bits << count | value, n + count
        while n >= 8:
            n -= 8
            byte = bits >> n & 255
            data.append(byte)
            if byte == 255:
                data.append(0)
        bits &= (1 << n) - 1

    for kind, symbol, value, count in symbols:
        if kind == 3:
            put((1 << -n % 8) - 1, -n % 8)
            data.extend((255, 0xD0 + symbol % 8))
            continue
        if kind < 2:
            length, code = codes[kind][symbol]
            put(code, length)
        put(value, count)
    put((1 << -n % 8) - 1, -n % 8)
    return bytes(data)
