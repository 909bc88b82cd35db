"""The fields of SIP2 by the names of the trade, and which of them may be seen in a log.

Source: 3M SIP2 Interface rev. 2.12, "Variable-length fields"; 3M SIP2 Extensions (2005) for CR to DA.
"""

from enum import StrEnum


class Field(StrEnum):
    """The two letters of a field. A field that is not here is kept all the same, by its letters."""

    PATRON = "AA"
    ITEM = "AB"
    TERMINAL_PASSWORD = "AC"  # noqa: S105
    PIN = "AD"
    NAME = "AE"
    SCREEN = "AF"
    PRINT = "AG"
    DUE = "AH"
    TITLE = "AJ"
    BLOCKED_CARD = "AL"
    LIBRARY = "AM"
    TERMINAL = "AN"
    INSTITUTION = "AO"
    CURRENT_LOCATION = "AP"
    HOME = "AQ"
    HOLD_ITEM = "AS"
    OVERDUE_ITEM = "AT"
    CHARGED_ITEM = "AU"
    FINE_ITEM = "AV"
    SEQUENCE = "AY"
    CHECKSUM = "AZ"
    ADDRESS = "BD"
    EMAIL = "BE"
    PHONE = "BF"
    OWNER = "BG"
    CURRENCY = "BH"
    CANCEL = "BI"
    TRANSACTION = "BK"
    VALID_PATRON = "BL"
    RENEWED_ITEM = "BM"
    UNRENEWED_ITEM = "BN"
    FEE_ACKNOWLEDGED = "BO"
    FIRST_ITEM = "BP"
    LAST_ITEM = "BQ"
    QUEUE_POSITION = "BR"
    PICKUP = "BS"
    FEE_TYPE = "BT"
    RECALL_ITEM = "BU"
    FEE_AMOUNT = "BV"
    EXPIRATION = "BW"
    SUPPORTED = "BX"
    HOLD_TYPE = "BY"
    HOLD_LIMIT = "BZ"
    OVERDUE_LIMIT = "CA"
    CHARGED_LIMIT = "CB"
    FEE_LIMIT = "CC"
    UNAVAILABLE_HOLD_ITEM = "CD"
    HOLD_QUEUE_LENGTH = "CF"
    FEE_ID = "CG"
    PROPERTIES = "CH"
    SECURITY_INHIBIT = "CI"
    RECALL_DATE = "CJ"
    MEDIA_TYPE = "CK"
    SORT_BIN = "CL"
    HOLD_PICKUP_DATE = "CM"
    LOGIN_USER = "CN"
    LOGIN_PASSWORD = "CO"  # noqa: S105
    LOCATION = "CP"
    VALID_PIN = "CQ"
    COLLECTION = "CR"
    CALL_NUMBER = "CS"
    DESTINATION = "CT"
    ALERT_TYPE = "CV"
    HOLD_PATRON = "CY"
    HOLD_PATRON_NAME = "DA"


PLAIN = frozenset(
    {"AM", "AN", "AO", "AP", "AQ", "BG", "BH", "BI", "BL", "BO", "BP", "BQ", "BT", "BX", "BY", "BZ", "CA", "CB", "CC"}
    | {"CF", "CI", "CK", "CL", "CP", "CQ", "CR", "CT", "CV"}
)
"""Fields whose values name nobody and no book somebody has: a log may show them. All others show their length only."""
