"""Orders, their items, messages and contracts, service records, scans and reviews; the cart before them."""

from .cart import CartItem, OrderLine
from .orders import Order, OrderMessage, Quote
from .reviews import ServiceReview
from .scans import Scan
from .services import ServiceRecord

__all__ = ["CartItem", "Order", "OrderLine", "OrderMessage", "Quote", "Scan", "ServiceRecord", "ServiceReview"]
