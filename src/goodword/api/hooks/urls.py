"""The addresses that mail senders call, below `/hooks/mail/`."""

from django.urls import path, re_path

from .senders import INBOUND, TRACKING
from .views import hook

urlpatterns = [
    # Mailgun hands mail over as it came only to addresses that end with 'mime'.
    re_path(r"^(?P<name>mailgun)/mime/?$", hook, {"what": INBOUND}),
    path("<slug:name>/inbound/", hook, {"what": INBOUND}),
    path("<slug:name>/tracking/", hook, {"what": TRACKING}),
]
