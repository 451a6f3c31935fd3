"""Character vectors out of an R package's data, without R.

A package keeps its data in two files: `Rdata.rdb`, compressed objects one after the other, and `Rdata.rdx`, an
index that is such an object itself and says where each lies. Only what the course's packages hold is read.

Format: R Internals, section 1.8, "Serialization Formats" (XDR, big-endian), and `lazyLoadDBfetch`.
"""

import gzip
import struct
import zlib

NULL, REFERENCE, SYMBOL, PAIRS, CHARACTERS = 254, 255, 1, 2, 9
LOGICAL, INTEGER, REAL, STRINGS, LIST = 10, 13, 14, 16, 19
HAS_ATTRIBUTES, HAS_TAG = 1 << 9, 1 << 10
HEADER = 14  # bytes: "X\n" and three version numbers
MISSING = -1  # length of an NA string


class DatabaseError(Exception):
    """The files hold something that this reader does not know; the message is one line."""


def strings(index, database, name):
    """The character vector of that name.

    Args:
        index: bytes of the .rdx file.
        database: bytes of the .rdb file.
        name: str.

    Returns:
        list of str.

    Raises:
        DatabaseError: there is no such vector, or the file is of an unknown kind.
    """
    places = _Reader(gzip.decompress(index)).read()["variables"]
    if name not in places:
        raise DatabaseError(f"the package's data holds {', '.join(sorted(places))}, not {name}")
    offset, length = places[name]
    # Four bytes hold the unpacked length.
    found = _Reader(zlib.decompress(database[offset + 4 : offset + length])).read()
    if not all(isinstance(one, str) for one in found):
        raise DatabaseError(f"{name} is no character vector")
    return found


class _Reader:
    """Reads one serialized object."""

    def __init__(self, content):
        if content[:2] != b"X\n":
            raise DatabaseError("the object is not in R's XDR format")
        self.content = content
        (version,) = struct.unpack_from(">i", content, 2)
        self.place = HEADER
        if version == 3:  # the native encoding follows
            self.place += 4 + self.integer()
        self.symbols = []

    def integer(self):
        (value,) = struct.unpack_from(">i", self.content, self.place)
        self.place += 4
        return value

    def numbers(self, letter):
        count = self.integer()
        values = struct.unpack_from(f">{count}{letter}", self.content, self.place)
        self.place += struct.calcsize(f">{count}{letter}")
        return list(values)

    def read(self):
        """The object: list of numbers, strings or objects; dict for a list with names; str; None."""
        flags = self.integer()
        kind = flags & 255
        if kind == NULL:
            return None
        if kind == REFERENCE:
            return self.symbols[(flags >> 8) - 1]
        if kind == SYMBOL:
            self.symbols.append(self.read())
            return self.symbols[-1]
        if kind == PAIRS:
            return self._pairs(flags)
        if kind == CHARACTERS:
            return self._characters()
        value = self._vector(kind)
        attributes = self.read() if flags & HAS_ATTRIBUTES else {}
        names = attributes.get("names")
        return dict(zip(names, value, strict=True)) if names and kind == LIST else value

    def _pairs(self, flags):
        """A linked list of tagged values, as a dict."""
        if not flags & HAS_TAG:
            raise DatabaseError("a list of pairs has no names")
        tag, value = self.read(), self.read()
        return {tag: value} | (self.read() or {})

    def _characters(self):
        length = self.integer()
        if length == MISSING:
            raise DatabaseError("a string is missing")
        self.place += length
        return self.content[self.place - length : self.place].decode("utf-8")

    def _vector(self, kind):
        if kind in (LOGICAL, INTEGER):
            return self.numbers("i")
        if kind == REAL:
            return self.numbers("d")
        if kind in (STRINGS, LIST):
            return [self.read() for _element in range(self.integer())]
        raise DatabaseError(f"objects of type {kind} are not known")
