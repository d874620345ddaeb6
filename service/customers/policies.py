"""What an upload may ask for: how faults are treated, and rows that meet several customers."""

from enum import StrEnum


class ErrorPolicy(StrEnum):
    """What a fault in a row does to the rest."""

    REJECT_FAILED_ROWS = "REJECT_FAILED_ROWS"
    REJECT_EVERYTHING = "REJECT_EVERYTHING"
    IGNORE_FAILED = "IGNORE_FAILED"


class MultipleMatches(StrEnum):
    """What becomes of a row whose e-mail or phone number several customers share."""

    UPDATE_ALL = "UPDATE_ALL"
    REJECT = "REJECT"
