# SPDX-License-Identifier: MIT
"""Where the images of a finished corpus lie in its shards."""

import hashlib

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from isopixel._corpus import manifest
from isopixel._corpus.places import Place, place_of
from isopixel._corpus.rows import recipe_of
from isopixel._corpus.shard import Stats, footer_of, name_of, parsed, stats_in
from isopixel._corpus.targets import Target, Targets
from isopixel._corpus_index import HEAD, Index, remedy

MOST_OVERHEAD = 64  # bytes of a page before its values: 20 to 30 of its head, and the levels of 16 values


def index_of(dst: str, target: Target | None, verify: bool) -> Index:
    """Reads where the images of a corpus lie.

    Args:
        dst: its place.
        target: what its targets are; None for none.
        verify: whether fingerprints are wanted.

    Raises:
        OSError: it is not there, not finished, or cannot be read.
        ValueError: it is in a store, or not as it was written; or what is to be a target cannot be one.
    """
    place = place_of(dst)
    if place.store is not None:
        raise ValueError(f"{dst!r} is in a store, and random access is to local files: copy the corpus to a folder")
    known = manifest.read(place)
    recipe = recipe_of(known.recipe)
    shape = recipe._shape(None)
    fixed = tuple(side for side in shape if side is not None)
    columns = ["shape"] * (len(fixed) < len(shape)) + ["fingerprint"] * verify
    targets = Targets(target)
    files: list[str] = []
    starts = [0]
    offsets, shapes, fingerprints = [np.empty(0, np.int64)], [np.empty((0, len(shape)), np.int32)], [b""]
    skipped: list[tuple[str, str]] = []
    for i, stats in enumerate(known.shards):
        name = name_of(i, len(known.shards))
        files.append(place.path(name))
        metadata = _metadata(place, name, stats)
        wanted = [*columns, *targets.columns(metadata.schema.to_arrow_schema().names)]
        rows, is_image = _rows(files[i], metadata, wanted, skipped)
        n = rows.num_rows
        if "shape" in columns:
            sides = rows["shape"].combine_chunks().flatten().to_numpy().reshape(n, len(shape))
            shapes.append(sides)
        else:
            sides = np.broadcast_to(np.array(fixed, np.int32), (n, len(shape)))
        sizes = np.zeros(len(is_image), np.int64)
        sizes[is_image] = HEAD + sides.prod(axis=1, dtype=np.int64) * recipe.dtype.itemsize
        offsets.append(_offsets(place, files[i], metadata, sizes)[is_image])
        if verify:
            texts = rows["fingerprint"].to_pylist()
            fingerprints.append(bytes.fromhex("".join(text.removeprefix("sha256:") for text in texts)))
        targets.add(rows)
        starts.append(starts[-1] + n)
    return Index(
        place.text,
        recipe,
        recipe.dtype,
        known.digest,
        files,
        starts,
        np.concatenate(offsets),
        np.concatenate(shapes) if "shape" in columns else fixed,
        np.frombuffer(b"".join(fingerprints), np.uint8).reshape(-1, 32) if verify else None,
        *targets.finished(),
        skipped,
    )


def paths_of(file: str) -> list[str]:
    """Returns the paths of the images of a shard."""
    rows = pq.ParquetFile(file).read(["path", "error"], use_threads=False)
    paths: list[str] = rows["path"].filter(rows["error"].is_null()).to_pylist()
    return paths


def _metadata(place: Place, name: str, stats: Stats) -> pq.FileMetaData:
    """Returns what the footer of a shard says, if it is the footer that the manifest knows."""
    try:
        footer = footer_of(place, name)
    except FileNotFoundError:
        raise FileNotFoundError(f"{place.path(name)!r} is missing; {remedy(place.text)}") from None
    except ValueError as error:
        raise ValueError(f"{error}; {remedy(place.text)}") from None
    if stats.get("footer") != f"sha256:{hashlib.sha256(footer).hexdigest()}":
        raise ValueError(f"{place.path(name)!r} was changed after the corpus was finished; {remedy(place.text)}")
    return parsed(footer)


def _rows(
    file: str, metadata: pq.FileMetaData, columns: list[str], skipped: list[tuple[str, str]]
) -> tuple[pa.Table, npt.NDArray[np.bool_]]:
    """Returns columns of the rows of a shard that have images, and for each row whether it has one."""
    shard = pq.ParquetFile(file, metadata=metadata)
    if not stats_in(metadata)["errors"]:
        return shard.read(columns, use_threads=False), np.ones(metadata.num_rows, np.bool_)
    rows = shard.read([*{*columns, "path", "error"}], use_threads=False)
    has_image = rows["error"].is_null()
    failed = rows.filter(pc.invert(has_image))
    skipped += zip(failed["path"].to_pylist(), failed["error"].to_pylist(), strict=True)
    return rows.filter(has_image), has_image.to_numpy()


def _offsets(place: Place, file: str, metadata: pq.FileMetaData, sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Returns where the image of each row of a shard begins with its head.

    The images of a row group are one page that is neither compressed nor has a dictionary: their values lie one behind
    the other, and the last one ends where the page ends.

    Args:
        place: of the corpus.
        file: the path of the shard.
        metadata: what its footer says.
        sizes: of the image of each row, with its head; 0 if it has none.

    Raises:
        ValueError: the shard is not written like that.
    """
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    rows = [group.num_rows for group in groups]
    column = metadata.schema.names.index("image")
    chunks = [group.column(column) for group in groups]
    ends = np.array([chunk.data_page_offset + chunk.total_compressed_size for chunk in chunks], np.int64)
    behind = np.cumsum(sizes)
    of_group = behind[np.cumsum(rows) - 1]
    overhead = np.array([chunk.total_compressed_size for chunk in chunks], np.int64) - np.diff(of_group, prepend=0)
    is_plain = all(
        (chunk.compression, chunk.physical_type, chunk.has_dictionary_page) == ("UNCOMPRESSED", "BYTE_ARRAY", False)
        and {*chunk.encodings} <= {"PLAIN", "RLE"}  # of values, and of levels
        for chunk in chunks
    )
    if not is_plain or overhead.min() < 0 or overhead.max() > MOST_OVERHEAD:
        raise ValueError(
            f"the images in {file!r} do not lie as this release of isopixel writes them, uncompressed and in one page "
            f"for each row group; {remedy(place.text)}"
        )
    offsets: npt.NDArray[np.int64] = np.repeat(ends - of_group, rows) + behind - sizes
    return offsets
