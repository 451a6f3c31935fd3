"""Read the weights of a TensorFlow Lite model with NumPy alone.

The file is a FlatBuffer. A table begins with the distance back to its list of fields, which says how far behind
the table's beginning each field lies (0: not stored). Strings, vectors and tables inside a field are given by the
distance to them. The field numbers below are those of TensorFlow's `schema.fbs`.
"""

import numpy as np

MODEL_SUBGRAPHS, MODEL_BUFFERS = 2, 4
SUBGRAPH_TENSORS = 0
TENSOR_SHAPE, TENSOR_TYPE, TENSOR_BUFFER, TENSOR_NAME = 0, 1, 2, 3
BUFFER_DATA = 0
TYPES = {0: np.dtype("<f4"), 1: np.dtype("<f2"), 2: np.dtype("<i4")}


def weights(content):
    """The arrays of a model by name: kernels as (filters, height, width, channels), biases, constants.

    Args:
        content: bytes of the file.

    Raises:
        ValueError: it is no such model.
    """
    if content[4:8] != b"TFL3":
        raise ValueError("not a TensorFlow Lite model")
    model = _number(content, 0, "<u4")
    buffers = _tables(content, _field(content, model, MODEL_BUFFERS))
    (subgraph,) = _tables(content, _field(content, model, MODEL_SUBGRAPHS))
    found = {}
    for tensor in _tables(content, _field(content, subgraph, SUBGRAPH_TENSORS)):
        buffer = _field(content, tensor, TENSOR_BUFFER)
        data = _field(content, buffers[_number(content, buffer, "<u4")], BUFFER_DATA) if buffer else None
        if data:  # what the network computes has no values yet
            # A number that is not stored is 0: float32.
            kind = _field(content, tensor, TENSOR_TYPE)
            dtype = TYPES[content[kind] if kind else 0]
            shape = _vector(content, _field(content, tensor, TENSOR_SHAPE), "<i4")
            name = _vector(content, _field(content, tensor, TENSOR_NAME), "u1").tobytes().decode("utf-8")
            found[name] = _vector(content, data, "u1").view(dtype).reshape(shape)
    return found


def _number(content, place, dtype):
    """The number at a place."""
    return int(np.frombuffer(content, dtype, 1, place)[0])


def _field(content, table, number):
    """Where a field of a table lies; None when it is not stored."""
    fields = table - _number(content, table, "<i4")
    if 4 + 2 * number >= _number(content, fields, "<u2"):
        return None
    distance = _number(content, fields + 4 + 2 * number, "<u2")
    return table + distance if distance else None


def _vector(content, place, dtype):
    """The numbers of the vector that the field at a place points to."""
    start = place + _number(content, place, "<u4")
    return np.frombuffer(content, dtype, _number(content, start, "<u4"), start + 4)


def _tables(content, place):
    """Where the tables of the vector lie that the field at a place points to."""
    first = place + _number(content, place, "<u4") + 4
    return [
        first + 4 * number + int(distance) for number, distance in enumerate(_vector(content, place, "<u4"))
    ]
