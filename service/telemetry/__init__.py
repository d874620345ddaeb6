"""What operators see of the service from outside: metrics, traces, and what is noted of a request.

Nothing in here holds personal data: labels and attributes are names that the service knows itself,
codes and counts.
"""
