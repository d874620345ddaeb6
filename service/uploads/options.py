"""What whoever uploads may choose."""

from dataclasses import dataclass

from service.customers.policies import ErrorPolicy, MultipleMatches
from service.errors import IdempotencyKeyInvalid

LONGEST_KEY = 255
"""Characters of an idempotency key."""


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """`idempotency_key`: any text of the uploader's own; a dry run does not look at it.

    Raises IdempotencyKeyInvalid.
    """

    error_policy: ErrorPolicy = ErrorPolicy.REJECT_FAILED_ROWS
    on_multiple_matches: MultipleMatches = MultipleMatches.UPDATE_ALL
    dry_run: bool = False
    idempotency_key: str | None = None

    @property
    def looks_ahead(self) -> bool:
        """Whether all rows are resolved before the first is written."""
        return self.dry_run or self.error_policy is ErrorPolicy.REJECT_EVERYTHING

    def __post_init__(self) -> None:
        key = self.idempotency_key
        if self.dry_run or key is None:
            return
        if not key.strip() or len(key) > LONGEST_KEY:
            raise IdempotencyKeyInvalid(LONGEST_KEY)


DEFAULT_OPTIONS = UploadOptions()
