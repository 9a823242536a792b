"""Images keep the colours that their profile means, and not the profile."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from forum import images
from tests import profiles
from tests.files import SECRET_PLACE, image

# A third of the test image is red, the rest blue.
RED, GREEN = (250, 0, 0), (0, 250, 0)


@pytest.fixture(scope="module", autouse=True)
async def pool() -> AsyncIterator[None]:
    yield
    await images.close()


async def cleaned(tmp_path: Path, content: bytes) -> Image.Image:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    target.touch()
    await images.clean(source, target, "tif", 1)
    assert SECRET_PLACE not in target.read_bytes()
    after = Image.open(target)
    after.load()
    assert "icc_profile" not in after.info
    return after


def saved(tmp_path: Path, made: Image.Image, kind: str, profile: bytes) -> bytes:
    made.save(tmp_path / "made", kind, icc_profile=profile)
    return (tmp_path / "made").read_bytes()


def like(seen: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(seen, tuple)
    far = [abs(one - other) for one, other in zip(seen[:3], colour, strict=True)]
    return bool(max(far) < 25)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
async def test_colours_of_another_kind_become_what_they_mean(tmp_path: Path, kind: str) -> None:
    before = image(kind, icc_profile=profiles.swapped())
    assert SECRET_PLACE in profiles.swapped()
    with await cleaned(tmp_path, before) as after:
        assert after.format == kind
        assert like(after.convert("RGB").getpixel((3, 3)), GREEN)


async def test_a_profile_that_changes_nothing_is_dropped_and_so_are_broken_ones(
    tmp_path: Path,
) -> None:
    plain = image("PNG")
    for profile in (profiles.srgb(), b"broken", profiles.inks(), profiles.linear_grey()):
        with (
            await cleaned(tmp_path, image("PNG", icc_profile=profile)) as after,
            await cleaned(tmp_path, plain) as without,
        ):
            assert after.tobytes() == without.tobytes()


async def test_a_palette_stays_one(tmp_path: Path) -> None:
    made = Image.new("P", (8, 8), 1)
    made.putpalette([0, 0, 255, 255, 0, 0])
    with await cleaned(tmp_path, saved(tmp_path, made, "PNG", profiles.swapped())) as after:
        assert after.mode == "P"
        assert like(after.convert("RGB").getpixel((3, 3)), GREEN)


async def test_grey_stays_grey_and_becomes_as_light_as_it_is_meant(tmp_path: Path) -> None:
    for mode, kind in (("L", "JPEG"), ("L", "PNG"), ("LA", "PNG")):
        made = Image.new(mode, (16, 16), 55 if mode == "L" else (55, 200))
        before = saved(tmp_path, made, kind, profiles.linear_grey())
        with await cleaned(tmp_path, before) as after:
            assert after.mode == mode
            lightness = after.getchannel(0).getpixel((5, 5))
            assert isinstance(lightness, int | float)
            assert 120 < lightness < 136


async def test_four_inks_become_what_a_screen_shows(tmp_path: Path) -> None:
    for kind in ("JPEG", "TIFF"):
        made = Image.new("CMYK", (16, 16), (0, 0, 0, 0))
        made.paste((0, 0, 0, 255), (8, 0, 16, 16))
        before = saved(tmp_path, made, kind, profiles.inks())
        with await cleaned(tmp_path, before) as after:
            assert after.mode == "RGB"
            assert like(after.getpixel((3, 3)), (255, 255, 255))
            assert like(after.getpixel((12, 3)), (0, 0, 0))


async def test_what_is_seen_through_still_is(tmp_path: Path) -> None:
    made = Image.new("RGBA", (8, 8), (255, 0, 0, 90))
    with await cleaned(tmp_path, saved(tmp_path, made, "PNG", profiles.swapped())) as after:
        seen = after.getpixel((3, 3))
        assert like(seen, GREEN)
        assert isinstance(seen, tuple)
        assert seen[3] == 90
    key = Image.new("RGB", (8, 8), "red")
    key.save(tmp_path / "made", "PNG", transparency=(255, 0, 0), icc_profile=profiles.swapped())
    with await cleaned(tmp_path, (tmp_path / "made").read_bytes()) as after:
        seen = after.convert("RGBA").getpixel((3, 3))
        assert isinstance(seen, tuple)
        assert seen[3] == 0


async def test_what_moves_has_its_colours_in_every_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "red")]
    frames[0].save(
        tmp_path / "made",
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        icc_profile=profiles.swapped(),
    )
    with await cleaned(tmp_path, (tmp_path / "made").read_bytes()) as after:
        for number, colour in enumerate((GREEN, (0, 0, 255), GREEN)):
            after.seek(number)
            assert like(after.convert("RGB").getpixel((9, 9)), colour)


async def test_a_portrait_has_its_colours(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    made = Image.new("RGB", (300, 300), "red")
    source.write_bytes(saved(tmp_path, made, "JPEG", profiles.swapped()))
    target.touch()
    await images.portrait(source, target, 1)
    with Image.open(target) as square:
        assert like(square.getpixel((100, 100)), GREEN)
