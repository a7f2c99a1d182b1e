"""What property tests over rows share: every example starts from the same tables."""

from hypothesis import HealthCheck, settings

#: Few examples, since each writes rows; what they find is kept by Hypothesis and tried again first.
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
