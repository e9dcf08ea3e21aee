"""What schemas are made of: types with the limits that databases have."""

import datetime as dt
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema


def utc(moment):
    """A moment without a zone is one of UTC."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=dt.UTC)
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError("is out of range") from None


def without_zone(time):
    """A time of day has no zone: it would be lost."""
    if time.tzinfo is not None:
        raise ValueError("has to be a time without a zone")
    return time


DateTime = Annotated[dt.datetime, AfterValidator(utc)]
# What OpenAPI calls a time has a zone.
TIME = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?$"}
Time = Annotated[dt.time, AfterValidator(without_zone), WithJsonSchema(TIME)]

SmallInt = Annotated[int, Field(ge=-(2**15), le=2**15 - 1)]
Int = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
BigInt = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
Reference = Annotated[int, Field(ge=1, le=2**63 - 1)]
Float = Annotated[float, Field(ge=-3.4e38, le=3.4e38)]
Double = Annotated[float, Field(allow_inf_nan=False)]
Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]+$", max_length=50)]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+[^\s]*$", max_length=200)]


class Input(BaseModel):
    """What clients send. Values have the type that they should have: `"7"` is not a number."""

    model_config = ConfigDict(from_attributes=True, strict=True, allow_inf_nan=False)


class Output(BaseModel):
    """What the API answers."""

    model_config = ConfigDict(from_attributes=True)

    id: int
