"""All that touches the database."""

import os

THREADS = 32
"""In which the driver talks to the database, an operation in each."""

# Motor reads it when it is imported, which Beanie does too.
os.environ["MOTOR_MAX_WORKERS"] = str(THREADS)
