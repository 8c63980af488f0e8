"""Files of messages and drafts."""

from django.http import HttpResponseBase
from django.views.decorators.http import require_GET

from goodword.inbox import access
from goodword.staff.looking import looked
from goodword.staff.models import Look

from ..files import file_response
from ..pages import AgentRequest, agent_page


@require_GET
@agent_page
def attachment(request: AgentRequest, pk: int, name: str) -> HttpResponseBase:
    """A file with its bytes; raster pictures are shown, everything else is a download."""
    file = access.get_attachment(request.user, pk)
    made = file_response(
        bytes(file.blob.data), filename=file.filename, content_type=file.content_type, show=True
    )
    if file.message is not None and not file.inline:
        # Pictures within the words are part of the page that shows them.
        place = file.message.conversation
        looked(request.user, Look.How.FILE, customer_id=place.customer_id, conversation_id=place.pk)
    return made
