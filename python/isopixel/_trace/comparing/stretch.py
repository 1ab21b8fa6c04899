# SPDX-License-Identifier: MIT
"""What one side does from the start of a comparison on."""

from collections.abc import Sequence

from isopixel._explain.operation import Operation
from isopixel._trace.comparing.alignment import alike, is_to_levels
from isopixel._trace.comparing.filters import filter_of
from isopixel._trace.comparing.functions import MOST_TRIES, Chain, Function, Side
from isopixel._trace.comparing.items import Item
from isopixel._trace.comparing.numeric_causes import NUMERIC
from isopixel._trace.comparing.parting import Part
from isopixel._trace.comparing.ranges import NOTE
from isopixel._trace.comparing.start import Start

DEEP = ("uint16", "int16", "int32")
LONGEST = 64  # nodes after the last common value whose functions are compared


class Stretch:
    """The functions of a side from the start of a comparison on."""

    def __init__(self, sides: tuple[Side, Side], place: int, start: Start) -> None:
        """Finds what its steps compute.

        Args:
            sides: both.
            place: of the one that is meant, 0 or 1.
            start: where the comparison begins.
        """
        self.side = side = sides[place]
        other = sides[1 - place]
        self._checkpoints = {name: n for name, n in side.checkpoints.items() if name in other.checkpoints}
        self.nodes = side.nodes
        self.first = start.numbers[place]
        self.ahead_number = start.ahead_numbers[place]
        self._ahead = start.ahead[place]
        self._note = start.note
        self._tries = MOST_TRIES
        numbers = range(self.first + 1, min(len(side.nodes), self.first + 1 + LONGEST))
        self._functions: dict[int, Function] = {number: side.function(number) for number in numbers}
        self._begins: dict[int, int] = {}  # of functions of several steps, by their last node: what they read

    @property
    def chains(self) -> list[Chain]:
        """All that its steps may be."""
        return [chain for function in self._functions.values() for chain in function.chains]

    def items(self, others: Sequence[Chain]) -> list[Item]:
        """Returns its functions; of a step that may be several, that which is most like one of the other side's."""
        first = self.ahead_number
        items = [self._item(first, operation) for operation in self._ahead if first is not None]
        for number, function in list(self._functions.items()):
            if items and items[-1].numbers[0] >= number:  # it is in what was explained as a whole
                continue
            if not function.chains and (whole := self._around(number)) is not None:
                first, number, function = whole
                items = [item for item in items if item.numbers[0] <= first]
            if function.chains:
                items += [self._item(number, operation) for operation in alike(function.chains, others)]
            else:
                items.append(Item((), (number,), self.nodes[number].call))
        return items

    def _item(self, number: int, operation: Operation) -> Item:
        name = self.nodes[number].name
        is_reading = number == 0 or name == "pillow.exif_transpose"
        passed = frozenset(name for name, place in self._checkpoints.items() if place < number)
        return Item((operation,), (number,), name=name, is_reading=is_reading, passed=passed)

    def _around(self, number: int) -> tuple[int, int, Function] | None:
        """Returns a row of steps round one that is not known which are known as a whole: the numbers of its ends."""
        if self._tries == 0:
            return None
        self._tries -= 1
        changed = [self.first, *(n for n, function in self._functions.items() if () not in function.chains)]
        for first, last in self.side.rows_around(changed, number):
            if (function := self.side.between(first, last)).chains:
                self._functions[last], self._begins[last] = function, first
                return first, last, function
        return None

    def part(self, items: Sequence[Item]) -> Part:
        """Returns what it does in items."""
        if not items:
            return Part(None)
        numbers = [number for item in items for number in item.numbers]
        operations = tuple(operation for item in items for operation in item.operations)
        functions = [function for number in dict.fromkeys(numbers) if (function := self._functions.get(number))]
        others = tuple(chain for chain in functions[0].chains if chain != operations) if len(functions) == 1 else ()
        others = others if functions and operations in functions[0].chains else ()
        note = next((function.note for function in functions if function.note), self._note)
        return Part(numbers[0], operations, others, all(function.is_exact for function in functions), note)

    def chains_of_one_step(self, item: Item) -> Sequence[Chain]:
        """Returns all that an item may be; () if it is of several steps, or of none that was explained."""
        function = self._functions.get(item.numbers[0])
        return function.chains if function is not None and len(set(item.numbers)) == 1 else ()

    def is_whole(self, item: Item) -> bool:
        """Returns whether an item is all that its first step does, for all that is known."""
        function = self._functions.get(item.numbers[0])
        length = item.numbers.count(item.numbers[0])
        return function is None or not function.chains or any(len(chain) == length for chain in function.chains)

    def whole(self, item: Item) -> list[Chain]:
        """Returns the conversions of values that a row of them is as one, beside what its steps do else."""
        inside = [number for number in dict.fromkeys(item.numbers) if number in self._functions]
        if not inside or item.is_exchanged:
            return []
        steps = [op for number in inside for chain in self._functions[number].chains[:1] for op in chain]
        others = [operation for operation in steps if operation.kind not in NUMERIC]
        first = self._begins.get(inside[0], inside[0] - 1)
        wholes = [
            _end(tuple(operation for operation in chain if operation.kind in NUMERIC), is_to_levels(item))
            for chain in self.side.between(first, inside[-1]).chains
            if [operation for operation in chain if operation.kind not in NUMERIC] == others
        ]
        return [chain for chain in wholes if chain]

    def told(self, item: Item | None) -> str | None:
        """Returns what is known of what it does: nothing, an operation, a call; "" if not even that."""
        if item is None:
            return None
        return " | ".join(map(str, item.operations)) or item.call

    def dtype(self, item: Item | None) -> str:
        """Returns the dtype of what an item makes; of the side's last value, if there is none."""
        if item and item.operations and item.operations[-1].kind == "cast":
            return item.operations[-1].name
        return self.nodes[item.numbers[-1] if item else -1].value.dtype

    def shrinks(self, item: Item) -> bool:
        """Returns whether what an item makes is less high or wide than what it is made of; True if not known."""
        number = item.numbers[0]
        size = item.operations[0].get("size") if item.operations else None
        if number == 0 or not isinstance(size, tuple):
            return True
        return any(new < old for new, old in zip(size, self.nodes[number - 1].value.size, strict=False))

    def reduces(self, item: Item) -> bool:
        """Returns whether an item is a resize that divides both sides by whole numbers, what is left over rounded up.

        It is a mean of blocks, by its filter. Another one comes behind it: alone it is that one.
        """
        filter = filter_of(item.operations[0].name if item.operations else "")
        if item.family != "resize" or not (filter.reduces or filter.kind == "area"):
            return False
        size = item.operations[0].get("size")
        old = self.size_before(item)
        if not isinstance(size, tuple) or len(size) != 2 or 0 in (*size, *old) or size == old:
            return False
        is_divided = all(new == -(-side // -(-side // new)) for side, new in zip(old, size, strict=True))
        later = range(item.numbers[-1] + 1, len(self.nodes))
        chains = [
            chain for number in later if number in self._functions for chain in self._functions[number].chains[:1]
        ]
        return is_divided and any(operation.kind == "resize" for chain in chains for operation in chain)

    def is_from_deep(self, item: Item) -> bool:
        """Returns whether an item reads samples of 16 bits or more."""
        return self.nodes[max(0, item.numbers[0] - 1)].value.dtype in DEEP

    def size_before(self, item: Item) -> tuple[int, ...]:
        """Returns the height and width of what an item reads."""
        return self.nodes[max(0, item.numbers[0] - 1)].value.size

    def added(self, item: Item) -> tuple[int, ...]:
        """Returns the rows and columns that a pad adds."""
        sizes = self.nodes[item.numbers[0]].value.size, self.size_before(item)
        return tuple(new - old for new, old in zip(*sizes, strict=True))

    def is_relative(self, item: Item) -> bool:
        """Returns whether a crop or pad is centred, or a resize keeps the proportions, whatever comes in."""
        operation = item.operations[0]
        (height, width), size = self.size_before(item), operation.get("size")
        if not isinstance(size, tuple) or len(size) != 2:
            return False
        if operation.kind == "resize":
            return bool(abs(size[0] * width - size[1] * height) <= max(height, width))
        at = operation.get("at")
        return isinstance(at, tuple) and all(
            abs(2 * abs(place) - abs(whole - part)) <= 1
            for place, whole, part in zip(at, (height, width), size, strict=False)
        )

    def is_ahead(self, item: Item | None) -> bool:
        """Returns whether an item lies before the start."""
        return item is not None and item.numbers[0] <= self.first

    def is_exact(self, number: int) -> bool:
        """Returns whether the values show what makes a node; those before the start do."""
        function = self._functions.get(number)
        return number <= self.first or (function is not None and function.is_exact)

    def is_sure(self, item: Item) -> bool:
        """Returns whether what an item does is known, and that it is all that its steps do."""
        functions = [self._functions.get(number) for number in item.numbers]
        return bool(item.operations) and all(function is None or function.note != NOTE for function in functions)

    def has_samples(self, item: Item) -> bool:
        """Returns whether the samples of what an item makes are kept, or were looked at while they were there."""
        return all(self.side.shows(number) for number in item.numbers)

    def may_be(self, item: Item, other: Item) -> bool:
        """Returns whether an item may be the same as one of the other side, for all that is known."""
        return not item.operations and not (self.has_samples(item) and other.operations)


def _end(chain: Chain, is_to_levels: bool) -> Chain:
    """Returns the conversions of a chain up to its first cast to uint8, or those behind the last one."""
    casts = [n for n, operation in enumerate(chain) if (operation.kind, operation.name) == ("cast", "uint8")]
    return chain if not casts else chain[: casts[0] + 1] if is_to_levels else chain[casts[-1] + 1 :]
