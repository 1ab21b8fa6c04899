# SPDX-License-Identifier: MIT
"""JPEG files as images (SPEC.md, R-57 to R-60): exact, slow, standard library only.

It refuses what the rules do not describe, and nothing else. This file reads the coefficients; jpeg_samples.py makes
samples of them, and orientation.py reads what else R-51 needs.
"""

import re
from collections import defaultdict
from itertools import chain, product

from spec.jpeg_samples import RefusedError, colour, require, samples_of, upsampled

MOST_SIDE = 65500
MOST_SCANS = 64
MOST_COEFFICIENT = 32767
SOI, EOI, SOS, DQT, DHT, DRI, COM = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xDD, 0xFE
SOF0, SOF1, SOF2 = FRAMES = range(0xC0, 0xC3)
RESTARTS = range(0xD0, 0xD8)
APPS = range(0xE0, 0xF0)


def zigzag():
    """T.81, figure A.6: for each place in a block's sequence, 8·v + u."""
    diagonals = [[(v, d - v) for v in range(8) if 0 <= d - v < 8] for d in range(15)]
    return [8 * v + u for d, places in enumerate(diagonals) for v, u in (places if d % 2 else places[::-1])]


ZIGZAG = zigzag()


class Component:
    """R-57, R-59: a component of the frame; what is known when the frame is."""

    def __init__(self, identifier, h, v, table):
        self.identifier, self.h, self.v, self.table = identifier, h, v, table
        self.quantisation = None  # from its first scan on
        self.low = {}  # of each coefficient that was brought, the last Al

    def lay_out(self, frame):
        """Its samples and blocks, once the largest factors are known."""
        self.fx, self.fy = frame.most_h // self.h, frame.most_v // self.v
        self.columns, self.rows = up(frame.width * self.h, frame.most_h), up(frame.height * self.v, frame.most_v)
        self.blocks_x, self.blocks_y = up(self.columns, 8), up(self.rows, 8)
        self.blocks = defaultdict(lambda: [0] * 64)  # (row, column): the coefficients, 8·v + u


class Frame:
    """R-57: the frame of a file."""

    def __init__(self, marker, content):
        require(len(content) >= 6 and content[0] == 8, "the samples are not of 8 bits")
        self.progressive = marker == SOF2
        self.height, self.width = int.from_bytes(content[1:3], "big"), int.from_bytes(content[3:5], "big")
        require(1 <= self.height <= MOST_SIDE and 1 <= self.width <= MOST_SIDE, "a side is out of range")
        require(content[5] in (1, 3) and len(content) == 6 + 3 * content[5], "not one or three components")
        fields = [content[i : i + 3] for i in range(6, len(content), 3)]
        self.components = [Component(i, factors >> 4, factors & 15, table) for i, factors, table in fields]
        require(len({c.identifier for c in self.components}) == len(fields), "two components have one identifier")
        for c in self.components:
            require(1 <= c.h <= 4 and 1 <= c.v <= 4 and c.table <= 3, "a factor or table is out of range")
        if len(self.components) == 1:
            self.components[0].h = self.components[0].v = 1
        self.most_h, self.most_v = max(c.h for c in self.components), max(c.v for c in self.components)
        for c in self.components:
            require(self.most_h % c.h == 0 and self.most_v % c.v == 0, "a factor does not divide the largest one")
            c.lay_out(self)
        self.mcus_x, self.mcus_y = up(self.width, 8 * self.most_h), up(self.height, 8 * self.most_v)


def up(n, d):
    """⌈n / d⌉."""
    return -(-n // d)


def decode(data):
    """R-57 to R-60: the image of a JPEG file, as ((height, width, channels), samples in C order).

    Raises:
        RefusedError: the rules do not describe the file.
    """
    frame, transformed = read(data)
    planes = [upsampled(samples_of(c), c.fx, c.fy) for c in frame.components]
    samples = bytearray()
    for y in range(frame.height):
        rows = [plane[y][: frame.width] for plane in planes]
        samples += bytes(chain.from_iterable(map(colour, *rows) if transformed else zip(*rows, strict=True)))
    return (frame.height, frame.width, len(planes)), bytes(samples)


def read(data):
    """R-57: the frame of a file, with its coefficients; and whether its colours are Y, Cb, Cr (R-60)."""
    frame, scans, interval, before_scans = None, 0, 0, []
    quantisation, huffman = {}, {}
    for marker, content, behind, resume in segments(data):
        if marker == DQT:
            read_quantisation(content, quantisation)
        elif marker == DHT:
            read_huffman(content, huffman)
        elif marker == DRI:
            require(len(content) == 2, "the restart interval is malformed")
            interval = int.from_bytes(content, "big")
        elif marker in FRAMES:
            require(frame is None, "there are two frames")
            frame = Frame(marker, content)
        elif marker == SOS:
            require(frame is not None, "a scan comes before the frame")
            scans += 1
            require(scans <= MOST_SCANS, "there are too many scans")
            scan = Scan(frame, content, huffman, quantisation)
            resume(scan.read(data, behind, interval))
        elif marker in APPS and scans == 0:
            before_scans.append((marker, content))
    require(frame is not None, "there is no frame")
    for c in frame.components:
        require(all(c.low.get(k) == 0 for k in range(64)), "scans are missing")
    return frame, is_transformed(frame, before_scans)


def segments(data):
    """R-57: each marker but SOI and EOI, with its content and the place behind it.

    The last of the four is a function that continues elsewhere: behind the data of a scan.
    """
    require(data[:2] == bytes([255, SOI]), "it does not begin with SOI")
    at = 2

    def resume(place):
        nonlocal at
        at = next_marker(data, place)

    while True:
        require(data[at : at + 1] == b"\xff", "there is something else where a marker has to be")
        while data[at : at + 1] == b"\xff":
            at += 1
        require(at < len(data), "it ends early")
        marker = data[at]
        if marker == EOI:
            return
        require(marker in (*FRAMES, DHT, DQT, DRI, SOS, COM, *APPS), "there is another marker")
        length = int.from_bytes(data[at + 1 : at + 3], "big")
        behind = at + 1 + length
        require(length >= 2 and behind <= len(data), "a segment ends early")
        content = data[at + 3 : behind]
        at = behind
        yield marker, content, behind, resume


def next_marker(data, at):
    """R-57: where the first marker from a place on begins that is not RST0 … RST7."""
    found = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL).search(data, at)
    require(found, "there is no EOI")
    return found.start()


def read_quantisation(content, tables):
    """R-57: the tables of a DQT, each as 64 values, 8·v + u."""
    while content:
        wide, number = content[0] >> 4, content[0] & 15
        size = 1 + 64 * (1 + wide)
        require(wide <= 1 and number <= 3 and len(content) >= size, "a quantisation table is malformed")
        values = [int.from_bytes(content[i : i + 1 + wide], "big") for i in range(1, size, 1 + wide)]
        require(min(values) > 0, "a quantisation table has a zero")
        tables[number] = [value for _, value in sorted(zip(ZIGZAG, values, strict=True))]
        content = content[size:]


def read_huffman(content, tables):
    """R-57: the tables of a DHT, by (class, number), each as a dict from (length, code) to the value."""
    while content:
        require(len(content) >= 17, "a Huffman table is malformed")
        kind, number, counts = content[0] >> 4, content[0] & 15, content[1:17]
        values = content[17 : 17 + sum(counts)]
        require(kind <= 1 and number <= 3 and sum(counts) <= 256, "a Huffman table is malformed")
        require(len(values) == sum(counts), "a Huffman table is malformed")
        require(kind == 1 or max(values, default=0) <= 15, "a Huffman table has a value that is too large")
        code, table, rest = 0, {}, iter(values)
        for length, count in enumerate(counts, 1):
            for _ in range(count):
                require(code < 2**length - 1, "a Huffman table has too many codes")
                table[length, code] = next(rest)
                code += 1
            code *= 2
        tables[kind, number] = table
        content = content[17 + len(values) :]


class Bits:
    """R-57: the bits of a scan's data, from the byte at a place on."""

    def __init__(self, data, at):
        self.data, self.at, self.byte, self.left = data, at, 0, 0

    def bit(self):
        """The next bit; a byte 255 is followed by 0."""
        if self.left == 0:
            self.byte = self.data[self.at] if self.at < len(self.data) else None
            require(self.byte is not None, "the file ends in a scan")
            self.at += 1
            if self.byte == 255:
                require(self.data[self.at : self.at + 1] == b"\0", "the data of a scan ends before its last block")
                self.at += 1
            self.left = 8
        self.left -= 1
        return self.byte >> self.left & 1

    def number(self, n):
        """N bits, the first one the highest."""
        value = 0
        for _ in range(n):
            value = 2 * value + self.bit()
        return value

    def signed(self, n):
        """T.81, figure F.12: a number of n bits, which begins with 1 if it is above 0."""
        value = self.number(n)
        return value if n == 0 or value >> (n - 1) else value - 2**n + 1

    def symbol(self, table):
        """The value of the next code."""
        code = 0
        for length in range(1, 17):
            code = 2 * code + self.bit()
            if (length, code) in table:
                return table[length, code]
        raise RefusedError("there is no such code")

    def restart(self, number):
        """Goes behind RST<number>, which comes next."""
        while self.data[self.at : self.at + 2] == b"\xff\xff":
            self.at += 1
        marker = bytes([255, RESTARTS[number % 8]])
        require(self.data[self.at : self.at + 2] == marker, "a restart marker is missing")
        self.at, self.left = self.at + 2, 0


class Scan:
    """R-57: a scan, whose header it checks."""

    def __init__(self, frame, content, huffman, quantisation):
        n = content[0] if content else 0
        require(1 <= n <= len(frame.components) and len(content) == 4 + 2 * n, "the header of a scan is malformed")
        identifiers = [c.identifier for c in frame.components]
        chosen = content[1 : 1 + 2 * n : 2]
        require(all(i in identifiers for i in chosen), "a scan has an unknown component")
        places = [identifiers.index(i) for i in chosen]
        require(places == sorted(set(places)), "the components of a scan are out of order")
        self.frame, self.components = frame, [frame.components[i] for i in places]
        self.first, self.last = content[1 + 2 * n], content[2 + 2 * n]
        self.high, self.low = content[3 + 2 * n] >> 4, content[3 + 2 * n] & 15
        if frame.progressive:
            require(self.first == self.last == 0 or (1 <= self.first <= self.last <= 63 and n == 1), "no such band")
            require(self.low <= 13 and self.high in (0, self.low + 1), "no such bits")
        else:
            require((self.first, self.last, self.high, self.low) == (0, 63, 0, 0), "not all of a sequential frame")
        require(n == 1 or sum(c.h * c.v for c in self.components) <= 10, "an MCU has too many blocks")
        self.tables = []  # of each component, those of class 0 and 1
        for c, numbers in zip(self.components, content[2 : 2 + 2 * n : 2], strict=True):
            dc, ac = numbers >> 4, numbers & 15
            require(dc <= 3 and ac <= 3, "no such table")
            require(self.first > 0 or self.high > 0 or (0, dc) in huffman, "a Huffman table is missing")
            require(self.last == 0 or (1, ac) in huffman, "a Huffman table is missing")
            self.tables.append((huffman.get((0, dc)), huffman.get((1, ac))))
            if c.quantisation is None:
                require(c.table in quantisation, "a quantisation table is missing")
                c.quantisation = quantisation[c.table]
            require(self.first == 0 or 0 in c.low, "coefficients come before the first of their block")
            for k in range(self.first, self.last + 1):
                require(c.low.get(k, 0) == self.high if self.high else k not in c.low, "scans are out of order")
                c.low[k] = self.low

    def read(self, data, at, interval):
        """Reads its blocks from the data at a place; returns the place behind."""
        self.bits = Bits(data, at)
        self.begin_interval()
        for number, mcu in enumerate(self.mcus()):
            if interval and number and number % interval == 0:
                require(self.ended == 0, "a run of ended bands goes beyond a restart")
                self.bits.restart(number // interval - 1)
                self.begin_interval()
            for i, y, x in mcu:
                self.read_block(i, self.components[i].blocks[y, x])
        require(self.ended == 0, "a run of ended bands goes beyond its scan")
        return self.bits.at

    def begin_interval(self):
        """The state of T.81 behind a restart."""
        self.predictions = [0] * len(self.components)
        self.ended = 0  # blocks whose band has ended

    def mcus(self):
        """For each MCU the blocks: the number of the component in the scan, and its row and column."""
        if len(self.components) == 1:
            (c,) = self.components
            yield from ([(0, y, x)] for y, x in product(range(c.blocks_y), range(c.blocks_x)))
            return
        for my, mx in product(range(self.frame.mcus_y), range(self.frame.mcus_x)):
            yield [
                (i, my * c.v + y, mx * c.h + x)
                for i, c in enumerate(self.components)
                for y, x in product(range(c.v), range(c.h))
            ]

    def read_block(self, i, block):
        """What the scan brings of a block of component i of the scan."""
        dc, ac = self.tables[i]
        if self.first == 0 and self.high:
            block[0] |= self.bits.bit() << self.low
        elif self.first == 0:
            self.predictions[i] += self.bits.signed(self.bits.symbol(dc))
            put(block, 0, self.predictions[i] << self.low)
        if self.last > 0 and self.high:
            self.correct_band(block, ac)
        elif self.last > 0:
            self.read_band(block, ac)

    def read_band(self, block, table):
        """T.81, F.2.2.2 and G.1.2.2: coefficients that come for the first time."""
        if self.ended:
            self.ended -= 1
            return
        k = max(self.first, 1)
        while k <= self.last:
            run, size = divmod(self.bits.symbol(table), 16)
            if size == 0 and run < 15:
                require(run == 0 or self.frame.progressive, "a code has no meaning")
                self.ended = 2**run + self.bits.number(run) - 1
                return
            k += run
            require(k <= self.last, "a run goes beyond its band")
            if size:
                put(block, ZIGZAG[k], self.bits.signed(size) << self.low)
            k += 1

    def correct_band(self, block, table):
        """T.81, G.1.2.3: the next bit of coefficients, and those that it makes other than 0."""
        k = self.first
        while k <= self.last and not self.ended:
            run, size = divmod(self.bits.symbol(table), 16)
            require(size <= 1, "a code has no meaning")
            if size == 0 and run < 15:
                self.ended = 2**run + self.bits.number(run)
                break
            new = (1 if self.bits.bit() else -1) << self.low if size else 0
            # Past `run` coefficients that are 0, to the one after them.
            while k <= self.last and (block[ZIGZAG[k]] or run):
                if block[ZIGZAG[k]]:
                    self.correct(block, ZIGZAG[k])
                else:
                    run -= 1
                k += 1
            require(k <= self.last, "a run goes beyond its band")
            block[ZIGZAG[k]] = new
            k += 1
        if self.ended:
            for place in ZIGZAG[k : self.last + 1]:
                if block[place]:
                    self.correct(block, place)
            self.ended -= 1

    def correct(self, block, place):
        """A bit more of a coefficient, away from 0: of a multiple of twice that, so that it stays within the range."""
        if self.bits.bit():
            block[place] += (1 if block[place] > 0 else -1) << self.low


def put(block, place, value):
    """R-57: a coefficient, within the range."""
    require(abs(value) <= MOST_COEFFICIENT, "a coefficient is out of range")
    block[place] = value


def is_transformed(frame, apps):
    """R-60: whether the components are Y, Cb and Cr."""
    if len(frame.components) == 1:
        return False
    if any(marker == APPS[0] and content[:5] == b"JFIF\0" and len(content) >= 14 for marker, content in apps):
        return True
    adobe = [c[11] for marker, c in apps if marker == APPS[14] and c[:5] == b"Adobe" and len(c) >= 12]
    return adobe[-1] != 0 if adobe else [c.identifier for c in frame.components] != [82, 71, 66]
