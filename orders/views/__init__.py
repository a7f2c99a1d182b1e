"""Pages of orders: booking, both sides of an order, use, scan, rating."""
