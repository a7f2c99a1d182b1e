"""Orders, their messages and contracts, service records, scans and reviews."""

from .orders import Order, OrderMessage, Quote
from .reviews import ServiceReview
from .scans import Scan
from .services import ServiceRecord

__all__ = ["Order", "OrderMessage", "Quote", "Scan", "ServiceRecord", "ServiceReview"]
