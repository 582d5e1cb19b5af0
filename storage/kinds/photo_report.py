"""现场照片: photos with a line of text, no household needed."""

from typing import Annotated, ClassVar

from sqlmodel import Field

from storage.forms import Photos, Text, Village
from storage.forms.detail import Detail, Kind
from storage.texts import N_


class PhotoReport(Detail, table=True):
    kind: ClassVar[str] = "photo"

    village: ClassVar[Annotated[str, Village(label=N_("村"), prompt=N_("在哪个村？"))]]
    photos: ClassVar[Annotated[int, Photos(label=N_("照片"), prompt=N_("请发照片，可以一次选多张。"))]]
    findings: Annotated[
        str | None, Text(label=N_("说明"), prompt=N_("用一句话说明照片。"), optional=True)
    ] = Field(default=None)


PHOTO = Kind(
    table=PhotoReport,
    title=N_("现场照片"),
    prefix="ZP",
    command="photo",
    next=N_("已记入台账和本周周报。"),
)
