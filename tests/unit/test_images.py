"""Images keep what they show and lose what they tell, in a process that can be killed."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from forum import images
from forum.images import ImageRefused
from tests.files import SECRET_PLACE, image, telling

KINDS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF"]


@pytest.fixture(scope="module", autouse=True)
async def pool() -> AsyncIterator[None]:
    yield
    await images.close()


async def cleaned(tmp_path: Path, content: bytes, suffix: str = "tif") -> tuple[images.Image, Path]:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    target.touch()
    return await images.clean(source, target, suffix, 1), target


@pytest.mark.parametrize("kind", KINDS)
async def test_an_image_no_longer_tells_where_it_was_taken(tmp_path: Path, kind: str) -> None:
    before = telling(kind)
    assert SECRET_PLACE in before
    assert images.is_image(before[: images.HEAD])
    found, target = await cleaned(tmp_path, before)
    assert SECRET_PLACE not in target.read_bytes()
    with Image.open(target) as after:
        assert after.format == kind
        assert found == images.Image(f"image/{kind.lower()}", *after.size)
        tags = {256, 257, 258, 259, 262, 273, 277, 278, 279, 284, 320, 339}
        assert set(after.getexif()) <= tags
        assert not set(after.info) & {"exif", "xmp", "comment", "Comment", "XML:com.adobe.xmp"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
async def test_an_image_stands_as_it_was_seen(tmp_path: Path, kind: str) -> None:
    # 6: the telephone was held upright, so what was on the left is now on top.
    found, target = await cleaned(tmp_path, telling(kind, orientation=6))
    assert (found.width, found.height) == (40, 60)
    with Image.open(target) as after:
        red, _green, blue = after.convert("RGB").getpixel((36, 3))  # type: ignore[misc]
        assert red > 200 > 60 > blue


@pytest.mark.parametrize("kind", ["PNG", "GIF", "TIFF"])
async def test_what_was_kept_without_loss_still_is(tmp_path: Path, kind: str) -> None:
    before = telling(kind)
    _found, target = await cleaned(tmp_path, before)
    (tmp_path / "before").write_bytes(before)
    with Image.open(tmp_path / "before") as one, Image.open(target) as other:
        assert one.convert("RGB").tobytes() == other.convert("RGB").tobytes()


async def test_a_jpeg_keeps_its_tables_so_that_nobody_sees_that_it_was_written_anew(
    tmp_path: Path,
) -> None:
    before = image("JPEG", (640, 480), quality=72, subsampling=0)
    _found, target = await cleaned(tmp_path, before)
    (tmp_path / "before").write_bytes(before)
    with Image.open(tmp_path / "before") as one, Image.open(target) as other:
        assert one.quantization == other.quantization  # type: ignore[attr-defined]
        pairs = zip(one.tobytes(), other.tobytes(), strict=True)
        assert max(abs(left - right) for left, right in pairs) <= 8


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
async def test_what_moves_goes_on_moving(tmp_path: Path, kind: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    moving = image_of(tmp_path, frames, kind, duration=[100, 200, 300], loop=0)
    _found, target = await cleaned(tmp_path, moving)
    with Image.open(target) as after:
        assert after.n_frames == 3  # type: ignore[attr-defined]
        durations = []
        for number in range(3):
            after.seek(number)
            after.load()
            durations.append(int(after.info["duration"]))
        assert durations == [100, 200, 300]
        assert after.info["loop"] == 0


async def test_a_webp_is_written_as_it_was_and_not_as_something_in_it_is_called(
    tmp_path: Path,
) -> None:
    for lossless, written in ((True, b"VP8L"), (False, b"VP8 ")):
        before = image("WEBP", lossless=lossless)
        other = b"VP8 " if lossless else b"VP8L"
        inside = b"".join((b"XXXX", (12).to_bytes(4, "little"), other, bytes(4), other))
        extended = b"VP8X\x0a\0\0\0" + bytes(4) + b"\x3b\0\0\x27\0\0"
        content = b"WEBP" + extended + inside + before[12:]
        _found, target = await cleaned(
            tmp_path, b"RIFF" + len(content).to_bytes(4, "little") + content
        )
        assert target.read_bytes()[12:16] == written
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green")]
    for lossless, written in ((True, b"VP8L"), (False, b"VP8 ")):
        moving = image_of(tmp_path, frames, "WEBP", lossless=lossless)
        _found, target = await cleaned(tmp_path, moving)
        assert written in target.read_bytes()


def image_of(tmp_path: Path, frames: list[Image.Image], kind: str, **options: object) -> bytes:
    path = tmp_path / "made"
    frames[0].save(path, kind, save_all=True, append_images=frames[1:], **options)
    return path.read_bytes()


async def test_what_is_hung_on_behind_an_image_is_lost(tmp_path: Path) -> None:
    for kind in KINDS:
        _found, target = await cleaned(tmp_path, image(kind) + b"<script>alert(1)</script>")
        assert b"<script" not in target.read_bytes()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (image("PNG", (9000, 9000)), "50 megapixel"),
        (image("JPEG")[:-200], "trasig"),
        (b"\x89PNG\r\n\x1a\n<html>", "trasig"),
        (b"\xff\xd8\xff<script>alert(1)</script>", "trasig"),
        (b"GIF89a" + bytes(90), "trasig"),
        (b"II*\0" + bytes(90), "trasig"),
        (b"RIFF0000WEBP" + bytes(90), "trasig"),
    ],
    ids=["bomb", "cut", "png", "jpeg", "gif", "tiff", "webp"],
)
async def test_what_cannot_be_cleaned_is_refused_with_a_word(
    tmp_path: Path, content: bytes, said: str
) -> None:
    assert images.is_image(content[: images.HEAD])
    with pytest.raises(ImageRefused, match=said):
        await cleaned(tmp_path, content)
    found, _target = await cleaned(tmp_path, image())
    assert found.media_type == "image/png"


async def test_a_film_of_large_pictures_is_refused(tmp_path: Path) -> None:
    frames = [Image.new("1", (5000, 5000), number % 2) for number in range(7)]
    with pytest.raises(ImageRefused, match="50 megapixel"):
        await cleaned(tmp_path, image_of(tmp_path, frames, "GIF"))


async def test_a_cameras_own_format_is_not_kept_as_its_thumbnail(tmp_path: Path) -> None:
    for suffix in ("dng", "nef", "arw", ""):
        with pytest.raises(ImageRefused, match="JPEG"):
            await cleaned(tmp_path, image("TIFF"), suffix)


def test_heic_is_refused_with_advice_and_avif_is_not() -> None:
    for brands in (b"heic\0\0\0\0mif1heic", b"mif1\0\0\0\0mif1heic", b"hevc\0\0\0\0"):
        with pytest.raises(ImageRefused, match="JPEG"):
            images.is_image(b"\0\0\0\x20ftyp" + brands)
    for kind in (b"JXL ", b"jP  "):
        with pytest.raises(ImageRefused, match="JPEG"):
            images.is_image(b"\0\0\0\x0c" + kind + b"\r\n\x87\n")
    assert images.is_image(image("AVIF")[: images.HEAD])
    assert not images.is_image(b"\0\0\0\x20ftypmp42\0\0\0\0isommp42")


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"%PDF-1.7", b"PK\3\4", b"BM"],
)
def test_what_only_calls_itself_an_image_is_none(content: bytes) -> None:
    assert not images.is_image(content)


async def test_a_portrait_is_a_small_square_of_the_middle(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(telling("JPEG", orientation=6))
    target.touch()
    assert await images.portrait(source, target, 1) == images.Image("image/webp", 256, 256)
    assert SECRET_PLACE not in target.read_bytes()
    with Image.open(target) as square:
        assert (square.format, square.size, square.mode) == ("WEBP", (256, 256), "RGB")
    source.write_bytes(b"\x89PNG\r\n\x1a\nnot at all")
    with pytest.raises(ImageRefused):
        await images.portrait(source, target, 1)


async def test_who_sends_many_images_lets_others_in_between(tmp_path: Path) -> None:
    done: list[int] = []

    async def send(person_id: int, number: int) -> None:
        source, target = tmp_path / f"source-{number}", tmp_path / f"target-{number}"
        source.write_bytes(image())
        target.touch()
        await images.clean(source, target, "png", person_id)
        done.append(person_id)

    many = [asyncio.create_task(send(1, number)) for number in range(8)]
    await asyncio.sleep(0)
    with pytest.raises(ImageRefused, match="bilder"):
        await send(1, 8)
    await asyncio.gather(send(2, 9), send(3, 10), *many)
    assert done[:3] == [1, 2, 3]
    assert done[3:] == [1] * 7
    # And her turn comes back.
    await send(1, 11)


def test_the_server_does_not_import_what_opens_strangers_images() -> None:

    asked = "import sys, web.app; print('PIL' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
