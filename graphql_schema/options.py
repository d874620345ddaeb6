"""The options of an upload."""

import strawberry

from graphql_schema.enums import ErrorPolicy, MultipleMatches
from service.uploads.options import DEFAULT_OPTIONS
from service.uploads.options import UploadOptions as ServiceOptions


@strawberry.input(description="How to treat faults, shared identifiers and repetition.")
class UploadOptions:
    error_policy: ErrorPolicy = strawberry.field(
        default=ErrorPolicy(DEFAULT_OPTIONS.error_policy),
        description="What a fault in a row does to the rest.",
    )
    dry_run: bool = strawberry.field(
        default=DEFAULT_OPTIONS.dry_run,
        description="Check and compare, but write nothing; the results tell what would change, "
        "field by field.",
    )
    on_multiple_matches: MultipleMatches = strawberry.field(
        default=MultipleMatches(DEFAULT_OPTIONS.on_multiple_matches),
        description="What to do when several customers share the e-mail or phone number that a row "
        "is matched by.",
    )
    idempotency_key: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Any text of your own, at most 255 characters. The same key with the same rows "
        "and options answers with the stored report and changes nothing; with others it is "
        "refused. Ignored in a dry run.",
    )

    def chosen(self) -> ServiceOptions:
        """Raises IdempotencyKeyInvalid."""
        key = self.idempotency_key
        return ServiceOptions(
            error_policy=self.error_policy.value,
            on_multiple_matches=self.on_multiple_matches.value,
            dry_run=self.dry_run,
            idempotency_key=key if isinstance(key, str) else None,
        )
