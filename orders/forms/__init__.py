"""Forms of orders, one module a page or two."""
