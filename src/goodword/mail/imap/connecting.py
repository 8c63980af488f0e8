"""Reaching the server of an account, by the credentials that are kept with it."""

from dataclasses import replace

from django.conf import settings

from goodword.kit.sealing import Unsealable
from goodword.mail.imap import oauth
from goodword.mail.imap.connection import Connection
from goodword.mail.imap.credentials import credentials_of, keep
from goodword.mail.imap.trouble import SignInRefused
from goodword.mail.models import MailAccount


def connect(account: MailAccount) -> Connection:
    """A connection to the account's server, signed in; raises Trouble."""
    server = Connection(
        host=account.host,
        port=account.port,
        security=account.security,
        largest=settings.CONFIG.mail_max_bytes,
    )
    try:
        _sign_in(server, account)
    except BaseException:
        server.shutdown()
        raise
    return server


def _sign_in(server: Connection, account: MailAccount) -> None:
    try:
        credentials = credentials_of(account)
    except Unsealable as error:
        raise SignInRefused(str(error)) from None
    if account.sign_in == MailAccount.SignIn.PASSWORD:
        server.sign_in(account.username, credentials.password)
        return
    fresh = oauth.fresh(account.sign_in, credentials)
    if fresh is not credentials:
        keep(account, fresh)
    try:
        server.sign_in_with_token(account.username, fresh.access_token)
    except SignInRefused:
        # It may have been taken back before its time: the next try asks for another.
        keep(account, replace(fresh, access_token="", expires_at=0.0))
        raise
