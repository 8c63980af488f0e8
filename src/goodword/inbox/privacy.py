"""The conversations of a person who is erased, and what they wrote in the conversations of others."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.contrib.postgres.search import SearchQuery
from django.db.models import PROTECT, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from goodword.customers import registry
from goodword.customers.actions import customer_of
from goodword.customers.erasing import Counts, add, person_of
from goodword.customers.models import Customer
from goodword.customers.registry import Obstacle, Person
from goodword.events.actions import forget as forget_events
from goodword.mail import actions as mail
from goodword.mail.models import OutgoingMail, RawMail
from goodword.promises.privacy import settle_open

from .actions.adding import SPOKEN, preview, tell
from .actions.erasing_words import BARE, erase_words
from .actions.merging import undo_merge
from .actions.parts import all_of, lock_mails, locked_places
from .holds import on_hold
from .models import Attachment, Conversation, Merge, Message, Participant
from .models.search import SEARCH_LANGUAGE
from .said import Said

AT_ONCE = 20
# What stands in a conversation with somebody else where the person's words were.
ERASED_WORDS = "[erased at the person's request]"
LISTS = ("to", "cc", "answer_to", "answer_cc")
WRITTEN = (Message.Kind.CUSTOMER, Message.Kind.REPLY, Message.Kind.AUTOMATIC)
State = Conversation.State
UNDER_WAY = (OutgoingMail.State.QUEUED, OutgoingMail.State.SENDING)


@registry.obstacles.add
def mails_under_way(customer: Customer) -> Iterable[Obstacle]:
    """What leaves at this moment would come after the erasure."""
    addresses = set(customer.addresses.values_list("address", flat=True))
    elsewhere = set(_places_elsewhere(person_of(customer)).values_list("pk", flat=True))
    named = Q(message__conversation__customer=customer) | Q(message__conversation__in=elsewhere)
    for address in addresses:
        named |= Q(written_to__icontains=address)
    leaving = OutgoingMail.objects.filter(state__in=UNDER_WAY)
    leaving = leaving.annotate(written_to=Cast("recipients", TextField())).filter(named)
    for one in leaving.order_by("id").select_related("message").defer("raw", "message__search"):
        place = getattr(one, "message", None)
        where = reverse("conversation", args=[place.conversation_id]) if place else reverse("sent")
        why = _("A mail to them is on its way: '%(subject)s'.")
        if place and place.conversation_id in elsewhere:
            why = _("A mail is on its way where they took part: '%(subject)s'.")
        yield Obstacle(why % {"subject": one.subject[:80]}, where)


@registry.obstacles.add
def held_with_others(customer: Customer) -> Iterable[Obstacle]:
    """What is held of somebody else stays whole, with the words of all who took part."""
    places = _places_elsewhere(person_of(customer)).filter(on_hold())
    for number in places.order_by("pk").values_list("pk", flat=True):
        why = _("The conversation #%(number)d, in which they took part, is on hold. Lift the hold first.")
        yield Obstacle(why % {"number": number}, reverse("conversation", args=[number]))


@registry.going.add
def conversations_go(person: Person) -> Iterable[tuple[type[Model], int]]:
    """Theirs whole, and their words elsewhere."""
    own = Message.objects.filter(conversation__customer=person.number)
    yield Conversation, Conversation.objects.filter(customer=person.number).count()
    yield Message, own.count() + _theirs_elsewhere(person).count()
    yield Attachment, Attachment.objects.filter(message__in=own).count()
    yield RawMail, own.exclude(raw_mail=None).count()
    yield OutgoingMail, own.exclude(outgoing=None).count()


@registry.staying.add
def conversations_stay(person: Person) -> Iterable[str]:
    """What is bound to something that has to be kept, and what others wrote."""
    ids = Conversation.objects.filter(customer=person.number).values_list("pk", flat=True)
    if _protected(list(ids)):
        yield _("That there was a conversation where a complaint belongs to it, and when; not a word of it.")
    if _places_elsewhere(person).exists():
        yield _("Conversations of others: their words and address go from there, what others wrote stays.")
    yield _("A mark for each mail, so that it does not come back when it is delivered once more.")


@registry.erasing.add
def erase_conversations(person: Person) -> Mapping[type[Model], int]:
    """Some of them."""
    counts: Counts = {}
    settle_open(person)
    _give_late_ones_on(person)
    _done = (
        _part_from_others(person, counts) or _erase_own(person, counts) or _erase_elsewhere(person, counts)
    )
    return counts


def _give_late_ones_on(person: Person) -> None:
    """Whoever writes after the erasure is somebody new, also where the mail was being sorted meanwhile."""
    for place in Conversation.objects.filter(customer=person.number, opened_at__gt=person.until):
        first = place.messages.exclude(sender_address="").order_by("at", "id").defer("search").first()
        if first is not None:
            new = customer_of(address=first.sender_address, name=first.sender_name, at=place.opened_at)
            Conversation.objects.filter(pk=place.pk).update(customer=new)
            place.messages.filter(customer=person.number).update(customer=new)


def _part_from_others(person: Person, counts: Counts) -> bool:
    """Undo merges of their conversations with those of others, so that each is erased or stays by itself."""
    mixed = Q(source__customer=person.number) ^ Q(target__customer=person.number)
    merges = Merge.objects.filter(mixed, undone_at=None, source__state=State.MERGED)
    # Of theirs that went on into others of somebody else, their words are found there.
    merges = merges.exclude(source__customer=person.number, target__state=State.MERGED)
    for merge in merges.order_by("-id")[:AT_ONCE]:
        undo_merge(merge=_last_after(merge), agent=None)
        add(counts, Merge, 1)
    return bool(counts)


def _last_after(merge: Merge) -> Merge:
    """The merge that has to be undone first: its target may have been merged on."""
    next_one = Merge.objects.filter(
        source=merge.target_id, undone_at=None, source__state=State.MERGED
    ).first()
    return _last_after(next_one) if next_one else merge


def _erase_own(person: Person, counts: Counts) -> bool:
    fresh = Q(words_erased_at=None) | Q(words_erased_at__lt=person.until)
    own = Conversation.objects.filter(fresh, customer=person.number)
    ids = list(own.exclude(state=State.MERGED).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    ids = ids or list(own.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for number in ids:
        _erase_one(number, person, counts)
    return bool(ids)


def _erase_one(number: int, person: Person, counts: Counts) -> None:
    """Erase its words; it goes itself, too, with all that was merged into it, where nothing has to stay."""
    done = erase_words(conversation_ids=[number], agent_id=person.by_id)
    group = all_of([number])
    add(counts, Conversation, len(group))
    add(counts, Message, done.messages)
    add(counts, Attachment, done.files)
    add(counts, RawMail, done.mails)
    if _protected(group):
        return
    for place in Conversation.objects.filter(pk__in=group):
        forget_events(conversation_ids=[place.pk])
        told = {"messages": done.messages, "files": done.files, "mails": done.mails, "promises": {}}
        tell("conversation.removed", place, agent=None, reason="", **told)
    Conversation.objects.filter(pk__in=group).delete()


def _protected(ids: Collection[int]) -> bool:
    """Whether a room above keeps one of them for good, such as for a complaint."""
    return any(
        relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": list(ids)}).exists()
        for relation in Conversation._meta.related_objects
        if relation.on_delete is PROTECT
    )


def _theirs_elsewhere(person: Person) -> "QuerySet[Message]":
    said = Q(customer=person.number) | Q(sender_address__in=person.addresses)
    there = Message.objects.filter(conversation__in=_places_elsewhere(person))
    return there.filter(said, at__lte=person.until)


def _places_elsewhere(person: Person) -> "QuerySet[Conversation]":
    """The conversations of others in which they took part."""
    named = Participant.objects.filter(address__in=person.addresses, since__lte=person.until)
    wrote = Message.objects.filter(customer=person.number).values("conversation")
    others = Conversation.objects.exclude(customer=person.number)
    return others.filter(Q(pk__in=named.values("conversation")) | Q(pk__in=wrote))


def _erase_elsewhere(person: Person, counts: Counts) -> bool:
    ids = list(_places_elsewhere(person).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    for number in ids:
        _erase_in(number, person, counts)
    return bool(ids)


def _erase_in(number: int, person: Person, counts: Counts) -> None:
    """Their words and their address in a conversation with somebody else, and the mails that bear either."""
    lock_mails([number])
    place = locked_places([number])[number]
    messages = list(place.messages.filter(at__lte=person.until).order_by("at", "id").defer("search"))
    theirs = {one.pk for one in messages if _is_theirs(one, person)}
    said = Said.of(messages, theirs, lambda line, first: _others_wrote(line, first, person))
    changed = []
    for one in messages:
        if one.pk in theirs:
            _bare(one)
        elif not any([_unname(one, person), said.take_out_of(one)]):
            continue
        changed.append(one)
    mails = [one.raw_mail_id for one in changed if one.raw_mail_id]
    left = [one.outgoing_id for one in changed if one.outgoing_id]
    if OutgoingMail.objects.filter(pk__in=left, state__in=UNDER_WAY).exists():
        raise mail.OnItsWay  # somebody else waits for it
    for one in changed:
        one.raw_mail, one.outgoing = None, None
        one.save(update_fields=[*BARE, "reading", "customer", "raw_mail", "outgoing"])
    files = Attachment.objects.filter(message__in=theirs)
    blobs = list(files.values_list("blob_id", flat=True))
    files.delete()
    forgotten = mail.forget(raw_mails=mails, outgoing=left, agent_id=person.by_id)
    mail.drop_files(blobs)
    gone, _each = Participant.objects.filter(conversation=place, address__in=person.addresses).delete()
    if theirs:
        _preview_anew(place)
    add(counts, Participant, gone)
    add(counts, Message, len(changed))
    add(counts, Attachment, len(blobs))
    add(counts, RawMail, forgotten.mails + forgotten.outgoing)


def _is_theirs(message: Message, person: Person) -> bool:
    return message.customer_id == person.number or message.sender_address.lower() in person.addresses


def _others_wrote(line: str, first: datetime, person: Person) -> bool:
    """Whether it stood in a message where they took no part before they wrote it first.

    What anybody writes is not theirs alone; what was written later, or noted of it, may be a copy of theirs.
    """
    words = SearchQuery(line, config=SEARCH_LANGUAGE, search_type="phrase")
    found = Message.objects.filter(search=words, text__contains=line, at__lt=first, kind__in=WRITTEN)
    found = found.exclude(customer=person.number).exclude(sender_address__in=person.addresses)
    return found.exclude(conversation__in=_places_elsewhere(person)).exists()


def _bare(message: Message) -> None:
    for name, value in BARE.items():
        setattr(message, name, value)
    message.text, message.customer = ERASED_WORDS, None
    message.reading = None


def _unname(message: Message, person: Person) -> bool:
    """Take them off the lists of whom it went to; whether they stood there."""
    found = False
    for name in LISTS:
        before = getattr(message, name)
        after = [one for one in before if str(one.get("email", "")).lower() not in person.addresses]
        setattr(message, name, after)
        found = found or after != before
    return found


def _preview_anew(place: Conversation) -> None:
    spoken = place.messages.filter(kind__in=SPOKEN).order_by("-at", "-id").defer("search").first()
    place.preview = preview(spoken.text or spoken.subject) if spoken else ""
    place.save(update_fields=["preview"])
