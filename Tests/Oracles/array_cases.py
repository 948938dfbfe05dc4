"""Arrays in IDX files and in NumPy files, with the float32 values that they represent."""

import base64
import gzip
import io
import struct

import numpy as np

from case_files import tensor

IDX_TYPES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}
NPY_TYPES = ["b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]


def sample(kind, shape):
    """Numbers from the whole range of a type. Some of them need rounding to float32."""
    generator = np.random.default_rng(len(kind) + int(kind[1]) + 17 * len(shape))
    dtype = np.dtype(kind)
    if dtype.kind == "b":
        return generator.integers(0, 2, shape).astype(dtype)
    if dtype.kind == "f":
        values = generator.standard_normal(shape).astype(dtype)
        values.flat[0] = {2: 6e-8, 4: 1e-45, 8: 3e38}[dtype.itemsize]
        return values
    limits = np.iinfo(dtype)
    values = generator.integers(limits.min, limits.max, shape, dtype=dtype, endpoint=True)
    values.flat[0], values.flat[-1] = limits.min, limits.max
    return values


def idx_bytes(array, kind):
    head = struct.pack(">HBB", 0, IDX_TYPES[kind], array.ndim)
    return head + struct.pack(f">{array.ndim}I", *array.shape) + array.astype(">" + kind).tobytes()


def npy_bytes(array, version=(1, 0)):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=version)
    return stream.getvalue()


def case(name, form, content, array):
    return {"name": name, "format": form, "bytes": base64.b64encode(content).decode(),
            "values": tensor(array.astype(np.float32))}


def arrays_document():
    """Every element type, order of bytes and axes, version, rank, and gzip."""
    cases = []
    for kind in IDX_TYPES:
        array = sample(kind, (3, 2, 2))
        cases.append(case(f"idx {kind}", "idx", idx_bytes(array, kind), array))
    for shape in [(4, 3), (2, 3, 1, 2)]:
        array = sample("u1", shape)
        cases.append(case(f"idx of {len(shape)} axes", "idx", idx_bytes(array, "u1"), array))
    array = sample("u1", (5, 3, 4))
    cases.append(case("idx gzip", "idx", gzip.compress(idx_bytes(array, "u1"), mtime=0), array))
    for kind in NPY_TYPES:
        for order in "<>":
            array = sample(kind, (3, 4)).astype(order + kind)
            cases.append(case(f"npy {order}{kind}", "npy", npy_bytes(array), array))
    for shape in [(7,), (1, 5), (5, 1), (2, 3, 4), (3, 1, 2, 2, 1)]:
        array = np.asfortranarray(sample("i2", shape))
        cases.append(case(f"npy Fortran {shape}", "npy", npy_bytes(array), array))
    for version in [(2, 0), (3, 0)]:
        array = sample("f4", (2, 2))
        cases.append(case(f"npy version {version[0]}", "npy", npy_bytes(array, version), array))
    array = np.asfortranarray(sample("f8", (6, 5)).astype(">f8"))
    cases.append(case("npy gzip", "npy", gzip.compress(npy_bytes(array), mtime=0), array))
    return {"cases": cases, "bomb": base64.b64encode(bomb()).decode()}


def bomb():
    """A gzip stream whose header says 2 images of 2x2; a mebibyte of zeros follows."""
    return gzip.compress(idx_bytes(np.zeros((2, 2, 2), "u1"), "u1") + bytes(1 << 20), mtime=0)
