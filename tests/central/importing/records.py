"""Records as other systems write them, whole and damaged."""

from typing import Any

from pymarc import Field, Indicators, Record, Subfield

_ENDS = Indicators(" ", " ")


def field(tag: str, **subfields: str) -> Field:
    return Field(tag=tag, indicators=_ENDS, subfields=[Subfield(code, text) for code, text in subfields.items()])


def record(*fields: Field, number: str = "1001", leader: str = "00000nam a2200000 a 4500", **control: str) -> Record:
    made = Record(leader=leader, force_utf8=True)
    made.add_ordered_field(Field(tag="001", data=number))
    for tag, data in control.items():
        made.add_ordered_field(Field(tag=tag.removeprefix("f"), data=data))
    for one in fields:
        made.add_field(one)
    return made


def marc21(number: str = "1001", title: str = "Кобзар", **more: Any) -> Record:
    return record(
        field("020", a="978-966-03-8450-7 (опр.)"),
        field("100", a="Шевченко, Тарас,", d="1814-1861"),
        field("245", a=f"{title} :", b="вибрані твори /", c="Тарас Шевченко"),
        field("260", a="Харків :", b="Фоліо,", c="2019"),
        field("300", a="319 с."),
        field("490", a="Шкільна бібліотека ;", v="т. 3"),
        field("650", a="Українська поезія", x="19 ст."),
        field("520", a="Вибране."),
        field("521", a="12+"),
        field("952", p="30000001", b="children-2", o="84(4УКР)", y="book"),
        field("952", p="30000002", b="central", o="84(4УКР)", y="book"),
        number=number,
        f008="190101s2019    un            000 0 ukr d",
        **more,
    )


def unimarc(number: str = "u-7", title: str = "Тіні забутих предків") -> Record:
    return record(
        field("010", a="966-7047-78-1"),
        field("100", a="20050101d2005    u  y0ukry50      ba"),
        field("101", a="ukr"),
        field("200", a=title, e="повість", f="М. Коцюбинський"),
        field("210", a="Київ", c="Дніпро", d="2005"),
        field("225", a="Бібліотека української класики"),
        field("606", a="Українська література", x="20 ст."),
        field("675", a="821.161.2-31"),
        field("700", a="Коцюбинський", b="М. М.", g="Михайло Михайлович"),
        field("995", f="30000077", b="music", k="84"),
        number=number,
    )


def iso2709(*records: Record) -> bytes:
    return b"".join(one.as_marc() for one in records)


def in_cp1251(made: Record) -> bytes:
    """The record as a system writes it that knows nothing but Windows, and says UTF-8 in the label all the same."""
    content = made.as_marc()
    base = int(content[12:17])
    parts = [part.decode().encode("cp1251") for part in content[base:-1].split(b"\x1e")[:-1]]
    tags = [content[place : place + 3] for place in range(24, base - 1, 12)]
    directory, start = b"", 0
    for tag, part in zip(tags, parts, strict=True):
        directory += tag + b"%04d%05d" % (len(part) + 1, start)
        start += len(part) + 1
    fields = b"".join(part + b"\x1e" for part in parts) + b"\x1d"
    base = 24 + len(directory) + 1
    return (
        b"%05d" % (base + len(fields)) + content[5:12] + b"%05d" % base + content[17:24] + directory + b"\x1e" + fields
    )
