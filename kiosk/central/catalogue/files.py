"""Files of records, whatever they are: ISO 2709 or MARCXML, one record at a time; what cannot be read is rejected."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, iterparse

from pymarc import Field, Indicators, Leader, Record, Subfield

from kiosk.central.catalogue.bytes_of_marc import raw_records
from kiosk.central.catalogue.decoding import Undecodable, decode
from kiosk.central.catalogue.mapping import Mapping
from kiosk.central.catalogue.marc import NoTitle, title_of
from kiosk.central.catalogue.record import Rejected, TitleRecord

FORMATS = ("auto", "marc21", "unimarc", "marcxml")
_SNIFFED = 4096

Read = tuple[TitleRecord | Rejected, int]
"""A title or why there is none, and how many bytes of the file are read by now."""


def records_in(path: Path, mapping: Mapping, encoding: str = "auto", format_: str = "auto") -> Iterator[Read]:
    """Go through a file. Raises: OSError."""
    with path.open("rb") as file:
        head = file.read(_SNIFFED)
        is_xml = format_ == "marcxml" or (format_ == "auto" and head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"))
        file.seek(0)
        yield from _of_xml(file, mapping) if is_xml else _of_iso2709(file, mapping, encoding)


def _of_iso2709(file: BinaryIO, mapping: Mapping, encoding: str) -> Iterator[Read]:
    for raw in raw_records(file):
        done = raw.offset + len(raw.content)
        try:
            yield _title(decode(raw, encoding), mapping, raw.number, raw.offset), done
        except Undecodable as error:
            do = "export the record anew from the other system, or enter it by hand"
            yield Rejected(raw.number, raw.offset, _control_number(raw.content), str(error), do), done


def _control_number(content: bytes) -> str:
    """What a broken record calls itself, if that can be seen: the first field is field 001."""
    parts = content.split(b"\x1e")
    return parts[1].decode("utf-8", "replace")[:60] if len(parts) > 2 and parts[0][24:27] == b"001" else ""


def _title(record: Record, mapping: Mapping, number: int, offset: int) -> TitleRecord | Rejected:
    try:
        return title_of(record, mapping)
    except NoTitle as error:
        fields = record.get_fields("001")
        name = fields[0].data or "" if fields else ""
        return Rejected(number, offset, name.strip()[:60], str(error), "give the record a title in the other system")


def _of_xml(file: BinaryIO, mapping: Mapping) -> Iterator[Read]:
    number = 0
    try:
        for _, element in iterparse(file, events=("end",)):  # noqa: S314 - a file an administrator chose
            if _local(element) != "record" or not any(_local(child) == "leader" for child in element):
                continue
            number += 1
            yield _of_element(element, mapping, number, file.tell()), file.tell()
            element.clear()
    except ParseError as error:
        do = "mend the file there: what comes behind could not be read"
        yield Rejected(number + 1, file.tell(), "", f"the XML is broken: {error}", do), file.tell()


def _of_element(element: Element, mapping: Mapping, number: int, offset: int) -> TitleRecord | Rejected:
    record, fields = Record(), []
    for child in element:
        tag = child.get("tag", "")
        match _local(child):
            case "leader":
                record.leader = Leader((child.text or "").ljust(24)[:24])
            case "controlfield":
                fields.append(Field(tag=tag, data=child.text or ""))
            case "datafield":
                ends = Indicators(child.get("ind1", " "), child.get("ind2", " "))
                subfields = [Subfield(one.get("code", ""), one.text or "") for one in child if one.get("code")]
                fields.append(Field(tag=tag, indicators=ends, subfields=subfields))
    record.fields = fields
    return _title(record, mapping, number, offset)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
