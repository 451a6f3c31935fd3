"""Read a PyTorch checkpoint of the old, unzipped format with NumPy alone, and without running its code.

The file is a row of pickles: a magic number, a version, the system, the dict of tensors, the list of storage
keys; then the storages, each as its length (int64) and its values. A pickle may name any function to be
called, so the reader below knows only the few names that tensors need.
"""

import io
import pickle
from collections import OrderedDict

import numpy as np

MAGIC = 0x1950A86A20F9469CFC6C


def tensors(content):
    """The arrays of a checkpoint by name.

    Args:
        content: bytes of the file.

    Raises:
        ValueError: it is no such checkpoint, or names something other than tensors.
    """
    file = io.BytesIO(content)
    if _Reader(file).load() != MAGIC:
        raise ValueError("not a PyTorch checkpoint of the old format")
    _Reader(file).load()  # version
    _Reader(file).load()  # byte order and sizes of the system that wrote it
    described = _Reader(file).load()
    types = {tensor.key: tensor.dtype for tensor in described.values()}
    storages = {}
    for key in _Reader(file).load():
        (length,) = np.frombuffer(file.read(8), "<i8")
        storages[key] = np.frombuffer(file.read(length * types[key].itemsize), types[key])
    return {name: tensor.of(storages) for name, tensor in described.items()}


class _Tensor:
    """Where a tensor lies: a storage, the first value, shape and strides counted in values."""

    def __init__(self, storage, offset, shape, strides, *_unused):
        self.dtype, self.key = storage
        self.offset = offset
        self.shape = shape
        self.strides = strides

    def of(self, storages):
        """The array, in the order that its shape says."""
        values = storages[self.key][self.offset :]
        steps = [step * self.dtype.itemsize for step in self.strides]
        return np.lib.stride_tricks.as_strided(values, self.shape, steps, writeable=False).copy()


_KNOWN = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _Tensor,
    ("torch", "FloatStorage"): np.dtype("<f4"),
    ("torch", "LongStorage"): np.dtype("<i8"),
}


class _Reader(pickle.Unpickler):
    """An unpickler that knows the names of tensors and refuses every other."""

    def find_class(self, module, name):
        if (module, name) not in _KNOWN:
            raise ValueError(f"the checkpoint names {module}.{name}, which is not part of a tensor")
        return _KNOWN[module, name]

    def persistent_load(self, saved):
        _kind, dtype, key, *_place = saved
        return dtype, key
