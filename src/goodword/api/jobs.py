"""What the API does by itself."""

from procrastinate.contrib.django import app

from . import repeats


@app.periodic(cron="23 3 * * *")
@app.task(name="api.forget_old_keys", queueing_lock="api.forget_old_keys")
def forget_old_keys(timestamp: int) -> None:
    """Forget keys of repeatable calls after a week."""
    repeats.forget_old()
