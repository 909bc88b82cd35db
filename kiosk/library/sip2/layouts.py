"""Every message of SIP2 as a table: its fixed part and its fields, for whoever sends it and whoever hears it.

id  name  ->reply  fixed parts, in order, name:characters          fields in the order they are sent

[XX] may be left out, * may come more than once. The order puts a PIN before fields of plain letters: Koha without
error detection cuts signs off the end of a message. Source: 3M SIP2 Interface rev. 2.12 (2006), checked field by
field; CR CS CT CV CY DA are 3M's extensions of 2005. Unknown fields are legal everywhere and kept.
"""

from dataclasses import dataclass
from enum import StrEnum

_TABLE = """
23 PATRON_STATUS         ->24 language:3 transaction_date:18 ; AO AA AD AC
24 PATRON_STATUS_SAID    -> patron_status:14 language:3 transaction_date:18 ;
    AO AA AE [BL] [CQ] [BH] [BV] [AF*] [AG*]
11 CHECKOUT              ->12 renewal_policy:1 no_block:1 transaction_date:18 nb_due_date:18 ;
    AO AA AB [AD] AC [CH] [BO] [BI]
12 CHECKOUT_SAID         -> ok:1 renewal_ok:1 magnetic_media:1 desensitize:1 transaction_date:18 ;
    AO AA AB AJ AH [BT] [CI] [BH] [BV] [CK] [CH] [BK] [AF*] [AG*]
09 CHECKIN               ->10 no_block:1 transaction_date:18 return_date:18 ; AP AO AB AC [CH] [BI]
10 CHECKIN_SAID          -> ok:1 resensitize:1 magnetic_media:1 alert:1 transaction_date:18 ;
    AO AB AQ [AJ] [CL] [AA] [CK] [CH] [CR] [CS] [CT] [CV] [CY] [DA] [AF*] [AG*]
01 BLOCK_PATRON          ->24 card_retained:1 transaction_date:18 ; AO AL AA AC
99 SC_STATUS             ->98 status:1 max_print_width:3 protocol_version:4 ;
98 ACS_STATUS            -> online:1 checkin_ok:1 checkout_ok:1 renewal_policy:1 status_update_ok:1 offline_ok:1
    timeout:3 retries:3 transaction_date:18 protocol_version:4 ; AO [AM] BX [AN] [AF*] [AG*]
97 RESEND_ANSWER         -> ;
96 RESEND_REQUEST        -> ;
93 LOGIN                 ->94 uid_algorithm:1 pwd_algorithm:1 ; CN CO [CP]
94 LOGIN_SAID            -> ok:1 ;
63 PATRON_INFORMATION    ->64 language:3 transaction_date:18 summary:10 ; AO AA [AD] [AC] [BP] [BQ]
64 PATRON_INFORMATION_SAID -> patron_status:14 language:3 transaction_date:18 hold_count:4 overdue_count:4
    charged_count:4 fine_count:4 recall_count:4 unavailable_count:4 ;
    AO AA AE [BZ] [CA] [CB] [BL] [CQ] [BH] [BV] [CC] [AS*] [AT*] [AU*] [AV*] [BU*] [CD*] [BD] [BE] [BF] [AF*] [AG*]
35 END_SESSION           ->36 transaction_date:18 ; AO AA [AD] [AC]
36 END_SESSION_SAID      -> end_session:1 transaction_date:18 ; AO AA [AF*] [AG*]
37 FEE_PAID              ->38 transaction_date:18 fee_type:2 payment_type:2 currency:3 ; BV AO AA [AD] [AC] [CG] [BK]
38 FEE_PAID_SAID         -> accepted:1 transaction_date:18 ; AO AA [BK] [AF*] [AG*]
17 ITEM_INFORMATION      ->18 transaction_date:18 ; AO AB [AC]
18 ITEM_INFORMATION_SAID -> circulation_status:2 security_marker:2 fee_type:2 transaction_date:18 ;
    [CF] [AH] [CJ] [CM] AB AJ [BG] [BH] [BV] [CK] [AQ] [AP] [CH] [CS] [CT] [CY] [DA] [AF*] [AG*]
19 ITEM_STATUS_UPDATE    ->20 transaction_date:18 ; AO AB [AC] CH
20 ITEM_STATUS_UPDATE_SAID -> ok:1 transaction_date:18 ; AB [AJ] [CH] [AF*] [AG*]
25 PATRON_ENABLE         ->26 transaction_date:18 ; AO AA [AD] [AC]
26 PATRON_ENABLE_SAID    -> patron_status:14 language:3 transaction_date:18 ; AO AA AE [BL] [CQ] [AF*] [AG*]
15 HOLD                  ->16 hold_mode:1 transaction_date:18 ; [BW] [BS] [BY] AO AA [AD] [AB] [AJ] [AC] [BO]
16 HOLD_SAID             -> ok:1 available:1 transaction_date:18 ; [BW] [BR] [BS] AO AA [AB] [AJ] [AF*] [AG*]
29 RENEW                 ->30 third_party:1 no_block:1 transaction_date:18 nb_due_date:18 ;
    AO AA [AD] [AB] [AJ] [AC] [CH] [BO]
30 RENEW_SAID            -> ok:1 renewal_ok:1 magnetic_media:1 desensitize:1 transaction_date:18 ;
    AO AA AB AJ AH [BT] [CI] [BH] [BV] [CK] [CH] [BK] [AF*] [AG*]
65 RENEW_ALL             ->66 transaction_date:18 ; AO AA [AD] [AC] [BO]
66 RENEW_ALL_SAID        -> ok:1 renewed_count:4 unrenewed_count:4 transaction_date:18 ; AO [BM*] [BN*] [AF*] [AG*]
"""


class Kind(StrEnum):
    """What a message is, by its two characters. A name that ends in SAID is the answer to the one before."""

    PATRON_STATUS = "23"
    PATRON_STATUS_SAID = "24"
    CHECKOUT = "11"
    CHECKOUT_SAID = "12"
    CHECKIN = "09"
    CHECKIN_SAID = "10"
    BLOCK_PATRON = "01"
    SC_STATUS = "99"
    ACS_STATUS = "98"
    RESEND_ANSWER = "97"
    RESEND_REQUEST = "96"
    LOGIN = "93"
    LOGIN_SAID = "94"
    PATRON_INFORMATION = "63"
    PATRON_INFORMATION_SAID = "64"
    END_SESSION = "35"
    END_SESSION_SAID = "36"
    FEE_PAID = "37"
    FEE_PAID_SAID = "38"
    ITEM_INFORMATION = "17"
    ITEM_INFORMATION_SAID = "18"
    ITEM_STATUS_UPDATE = "19"
    ITEM_STATUS_UPDATE_SAID = "20"
    PATRON_ENABLE = "25"
    PATRON_ENABLE_SAID = "26"
    HOLD = "15"
    HOLD_SAID = "16"
    RENEW = "29"
    RENEW_SAID = "30"
    RENEW_ALL = "65"
    RENEW_ALL_SAID = "66"


@dataclass(frozen=True, slots=True)
class Layout:
    """One message: its fixed part as (name, characters), its fields in order, and what answers it."""

    kind: Kind
    answer: Kind | None
    fixed: tuple[tuple[str, int], ...]
    fields: tuple[str, ...]
    required: frozenset[str]
    repeatable: frozenset[str]

    @property
    def fixed_length(self) -> int:
        """Characters of the id and the fixed part: where the fields begin."""
        return 2 + sum(length for _, length in self.fixed)


def _layout(entry: str) -> Layout:
    head, _, fields = entry.partition(";")
    left, _, right = head.partition("->")
    id_, name = left.split()
    kind = Kind(id_)
    if kind.name != name:
        raise ValueError(f"the table calls {id_} {name}, its name is {kind.name}")
    words = right.split()
    answer = Kind(words.pop(0)) if words and ":" not in words[0] else None
    fixed = tuple((part.split(":")[0], int(part.split(":")[1])) for part in words)
    codes = fields.split()
    plain = tuple(code.strip("[]*") for code in codes)
    return Layout(
        kind,
        answer,
        fixed,
        plain,
        required=frozenset(code for code in codes if not code.startswith("[")),
        repeatable=frozenset(name for name, code in zip(plain, codes, strict=True) if "*" in code),
    )


def _layouts(table: str) -> dict[str, Layout]:
    entries: list[str] = []
    for line in table.strip().splitlines():
        if line.startswith(" "):
            entries[-1] += " " + line.strip()
        else:
            entries.append(line)
    return {layout.kind: layout for layout in map(_layout, entries)}


LAYOUTS: dict[str, Layout] = _layouts(_TABLE)
"""The layout of every message by its id."""
