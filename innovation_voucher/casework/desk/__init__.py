"""The desks: inbox, queues and cases of the people who review."""
