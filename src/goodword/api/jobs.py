"""What the API does by itself."""

from procrastinate.contrib.django import app

from . import guessing, repeats


@app.periodic(cron="23 3 * * *")
@app.task(name="api.forget_old_keys", queueing_lock="api.forget_old_keys")
def forget_old_keys(timestamp: int) -> None:
    """Forget keys of repeatable calls after a week."""
    repeats.forget_old()


@app.periodic(cron="29 3 * * *")
@app.task(name="api.forget_wrong_codes", queueing_lock="api.forget_wrong_codes")
def forget_wrong_codes(timestamp: int) -> None:
    """Forget wrong codes of vouchers that no longer count."""
    guessing.forget_old()
