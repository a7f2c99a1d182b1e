"""What the same acts cost in a Django application that does nothing else: the yardstick of the goals."""
