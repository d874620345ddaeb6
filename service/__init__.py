"""Customer Graph's service: everything but GraphQL."""

from importlib.metadata import version

__version__ = version("customer-graph")
