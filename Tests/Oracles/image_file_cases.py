"""Writes Cases/image_files.json: JPEG files with the pixels that Pillow decodes, and images that Pillow resizes.

    pip install "pillow==13.0.0"
    python image_file_cases.py
"""

import base64
import io
import json
import pathlib
import zlib

from PIL import Image, ImageOps

CASES = pathlib.Path(__file__).parent / "Cases"


def text(content):
    return base64.b64encode(content).decode("ascii")


def samples(count):
    """Bytes with gradients and edges. The tests compute the same ones."""
    return bytes((i * 7 + i // 13 * 5 + (i // 101) ** 2) % 256 for i in range(count))


def photo(mode, width, height):
    """A smooth image with an edge, which JPEG compresses to a few bytes."""
    def value(x, y, channel):
        wave = 128 + 90 * ((x * (channel + 1) + 2 * y) % 29 - 14) / 14
        return int(wave) if x + y < width else 255 - int(wave) // 2
    channels = len(Image.new(mode, (1, 1)).getbands())
    content = bytes(value(x, y, c) for y in range(height) for x in range(width) for c in range(channels))
    return Image.frombytes(mode, (width, height), content)


def jpeg(image, **options):
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=options.pop("quality", 60), optimize=True, **options)
    return stream.getvalue()


def decoded(content, draft=None):
    """The pixels of a file in RGB or grey, turned as its Exif data state."""
    image = Image.open(io.BytesIO(content))
    if draft:
        image.draft(None, draft)
    image = ImageOps.exif_transpose(image)
    return image.convert("RGB") if image.mode == "CMYK" else image


def decoding_case(name, content, draft=None, color=None):
    image = decoded(content, draft)
    if color:
        image = image.convert({"rgb": "RGB", "gray": "L"}[color])
    case = {
        "name": name, "file": text(content), "color": color, "size": [image.height, image.width],
        "channels": len(image.getbands()), "pixels": text(image.tobytes()),
    }
    if draft:
        case["sufficient"] = [image.height, image.width]
    return case


def exif(orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    return data


def decoding_cases():
    rgb, grey, cmyk = photo("RGB", 21, 14), photo("L", 19, 9), photo("CMYK", 17, 10)
    yield decoding_case("grey", jpeg(grey))
    yield decoding_case("grey as rgb", jpeg(grey), color="rgb")
    yield decoding_case("4:4:4", jpeg(rgb, subsampling=0))
    yield decoding_case("4:2:2", jpeg(rgb, subsampling=1))
    yield decoding_case("4:2:0", jpeg(rgb, subsampling=2))
    yield decoding_case("rgb as grey", jpeg(rgb, subsampling=2), color="gray")
    yield decoding_case("without YCbCr", jpeg(rgb, keep_rgb=True))
    yield decoding_case("progressive", jpeg(rgb, progressive=True))
    yield decoding_case("restart markers", jpeg(rgb, restart_marker_blocks=1))
    yield decoding_case("CMYK", jpeg(cmyk))
    yield decoding_case("CMYK as grey", jpeg(cmyk), color="gray")
    content = jpeg(cmyk)
    # The last byte of Adobe's segment states the transform: 2 is YCCK.
    place = content.index(b"Adobe") + 11
    yield decoding_case("YCCK", content[:place] + b"\x02" + content[place + 1:])
    for orientation in range(1, 9):
        yield decoding_case(f"orientation {orientation}", jpeg(grey, exif=exif(orientation)))
    large = jpeg(photo("RGB", 45, 37), subsampling=2, quality=30)
    for divisor in (2, 4, 8):
        yield decoding_case(f"reduced to 1/{divisor}", large, draft=(45 // divisor, 37 // divisor))


def resizing_case(mode, size, target, crop=None, mirrored=False):
    """An image of `samples`, resized. Sizes are [height, width]; `crop` is [top, left, height, width]."""
    channels = len(mode) if mode == "RGB" else 1
    image = Image.frombytes(mode, size[::-1], samples(size[0] * size[1] * channels))
    result = image.resize(target[::-1], Image.Resampling.BILINEAR)
    if crop:
        top, left, height, width = crop
        result = result.crop((left, top, left + width, top + height))
    if mirrored:
        result = ImageOps.mirror(result)
    pixels = result.tobytes()
    case = {
        "channels": channels, "from": size, "to": target, "crop": crop, "mirrored": mirrored,
        "checksum": zlib.crc32(pixels),
    }
    # Small results are stored whole, so that a failure shows where they differ.
    if len(pixels) <= 400:
        case["pixels"] = text(pixels)
    return case


def resizing_cases():
    yield resizing_case("L", [5, 7], [5, 7])
    yield resizing_case("L", [7, 11], [3, 4])
    yield resizing_case("L", [3, 4], [7, 11])
    yield resizing_case("RGB", [9, 6], [4, 9])
    yield resizing_case("RGB", [6, 9], [6, 4])
    yield resizing_case("RGB", [9, 6], [4, 6])
    yield resizing_case("L", [1, 1], [3, 5])
    yield resizing_case("RGB", [40, 30], [1, 1])
    yield resizing_case("L", [1, 300], [1, 2])
    yield resizing_case("L", [300, 1], [2, 1])
    yield resizing_case("RGB", [13, 17], [9, 11], [1, 2, 5, 7])
    yield resizing_case("RGB", [13, 17], [9, 11], [1, 2, 5, 7], True)
    yield resizing_case("RGB", [13, 17], [13, 17], [3, 1, 7, 9], True)
    yield resizing_case("RGB", [375, 500], [256, 341])
    yield resizing_case("RGB", [375, 500], [256, 341], [16, 58, 224, 224], True)
    yield resizing_case("L", [375, 500], [256, 341], [0, 117, 224, 224])
    yield resizing_case("RGB", [500, 333], [384, 256])
    yield resizing_case("RGB", [97, 101], [233, 211])
    yield resizing_case("RGB", [1025, 769], [32, 24])


document = {"decoding": list(decoding_cases()), "resizing": list(resizing_cases())}
lines = [
    f'  "{key}": [\n' + ",\n".join("    " + json.dumps(case) for case in cases) + "\n  ]"
    for key, cases in document.items()
]
(CASES / "image_files.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="ascii")
