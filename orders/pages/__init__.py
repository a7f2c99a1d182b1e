"""What the pages of orders show, gathered before a template sees it."""
