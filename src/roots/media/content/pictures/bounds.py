"""How much picture is too much: checked on what headers say, before anything is decoded."""

from dataclasses import dataclass

from roots.media.content.pictures.picture import Picture
from roots.media.refusals import refuse, spoken_size

_MEGA = 1_000_000


@dataclass(frozen=True, slots=True)
class PictureBounds:
    """The most pixels, frames, pixels of all frames and bytes of text; None for no limit."""

    pixels: int | None = None
    frames: int | None = None
    moving_pixels: int | None = None
    text_bytes: int | None = None

    def check_size(self, name: str, width: int, height: int) -> None:
        """Raises UploadRejected, code `pixels`, for a picture that is too large."""
        if _exceeds(width * height, self.pixels):
            most = f"{(self.pixels or 0) / _MEGA:.3g}"
            raise refuse("pixels", name=name, width=width, height=height, most=most)

    def check(self, name: str, picture: Picture) -> None:
        """Raises UploadRejected: `pixels`, `frames`, `moving_pixels` or `text`."""
        width, height, frames = picture.width, picture.height, picture.frames
        self.check_size(name, width, height)
        if _exceeds(frames, self.frames):
            raise refuse("frames", name=name, frames=frames, most=self.frames)
        if frames > 1 and _exceeds(width * height * frames, self.moving_pixels):
            most = f"{(self.moving_pixels or 0) / _MEGA:.3g}"
            found = {"frames": frames, "width": width, "height": height, "most": most}
            raise refuse("moving_pixels", name=name, **found)
        if _exceeds(picture.text_bytes, self.text_bytes):
            size, most = spoken_size(picture.text_bytes), spoken_size(self.text_bytes or 0)
            raise refuse("text", name=name, size=size, most=most)


def _exceeds(found: int, most: int | None) -> bool:
    return most is not None and found > most
