# SPDX-License-Identifier: MIT
"""The bytes of a shard that neither its footer nor the checksum of a page covers: the heads of the pages.

A head is a PageHeader of Parquet's format, in Thrift's compact protocol. Shards have one kind of page alone, so that
what its head has to be follows from the footer, but for the checksum, which the page itself has to fit.
"""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

MAGIC = b"PAR1"
_MOST = 64  # bytes of a head, at most: seven numbers of at most five bytes each, and their fields

_DATA_PAGE, _PLAIN, _RLE = 0, 0, 3
_I32, _STRUCT = b"\x15", b"\x1c"  # the next field is a number, or a structure (and the first of its kind)


def head_of(length: int, checksum: int, values: int) -> bytes:
    """Returns the head of a page of a shard.

    Args:
        length: of the page, in bytes.
        checksum: CRC-32 of the page, as a signed number.
        values: how many there are.
    """
    numbers = [_I32 + _varint(number) for number in (_DATA_PAGE, length, length, checksum)]
    data = [_I32 + _varint(number) for number in (values, _PLAIN, _RLE, _RLE)]
    return b"".join([*numbers, _STRUCT, *data, _STRUCT, b"\0\0\0"])  # the last one is of statistics, and empty


def wrong_heads(file: pa.NativeFile, metadata: pq.FileMetaData) -> Iterator[tuple[int, str]]:
    """Yields the row group and the column of each page whose head is not what it has to be."""
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        for i in range(row_group.num_columns):
            column = row_group.column(i)
            file.seek(column.data_page_offset)
            stored = file.read(min(_MOST, column.total_compressed_size))
            if not _is_right(stored, column.total_compressed_size, column.num_values):
                yield group, column.path_in_schema


def _is_right(stored: bytes, total: int, values: int) -> bool:
    try:
        length, at = _number(stored, 3)
        _, at = _number(stored, at + 1)
        checksum, _ = _number(stored, at + 1)
    except IndexError:
        return False
    if not -(1 << 31) <= checksum < 1 << 31:  # pyarrow does not look at further bits
        return False
    head = head_of(length, checksum, values)
    return stored.startswith(head) and len(head) + length == total


def _varint(number: int) -> bytes:
    """Returns a number in Thrift's way: zigzag, seven bits a byte, the lowest first."""
    rest = number << 1 if number >= 0 else (-number << 1) - 1
    out = bytearray()
    while rest > 0x7F:
        out.append(rest & 0x7F | 0x80)
        rest >>= 7
    out.append(rest)
    return bytes(out)


def _number(stored: bytes, at: int) -> tuple[int, int]:
    """Returns the number that stands at an offset, and the offset behind it; raises IndexError."""
    value = shift = 0
    while stored[at] & 0x80:
        value |= (stored[at] & 0x7F) << shift
        shift += 7
        at += 1
    value |= stored[at] << shift
    return (value >> 1) ^ -(value & 1), at + 1
