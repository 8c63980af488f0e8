"""Zyxmark Person's year with the house: everything they said and everything said of them bears the mark."""

import hashlib
from datetime import timedelta
from decimal import Decimal
from email.message import EmailMessage

from django.utils import timezone

from goodword.coaching import actions as coaching
from goodword.complaints import actions as complaints
from goodword.complaints.actions import NewOption
from goodword.complaints.models import Complaint, FollowUp, Remedy
from goodword.customers import actions as customers
from goodword.customers import balance, comparing, contact, importing
from goodword.customers.facts import PurchaseFacts, SubscriptionFacts, Who
from goodword.customers.models import Customer, CustomerAddress, CustomField, Joining
from goodword.goodwill import actions as goodwill
from goodword.goodwill.actions import NewGesture
from goodword.goodwill.actions.giving import Place
from goodword.goodwill.models import Gesture, Voucher
from goodword.inbox import actions as inbox
from goodword.inbox.actions.calling import NewCall
from goodword.inbox.models import CheckInRule, Conversation, Message
from goodword.mail import actions as mail
from goodword.mail import outbox
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Mailbox, OutgoingMail, RawMail, Suppression
from goodword.promises import actions as promises
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise
from goodword.staff.models import Agent
from goodword.workflows import actions as workflows
from goodword.workflows import running

MARK = "zyxmark"
ADDRESS = f"{MARK}@{MARK}.example"
SECOND = f"{MARK}.second@{MARK}.example"
CARD = "4111 1111 1111 1111"


def letter(sender: str, text: str, **fields: str) -> EmailMessage:
    """A mail to the house."""
    made = EmailMessage()
    made["From"] = sender
    made["To"] = fields.pop("to", "care@desk.example")
    made["Subject"] = fields.pop("subject", f"The kettle of {MARK}")
    domain = sender.rpartition("@")[2].strip(">")
    made["Message-ID"] = f"<{hashlib.sha256(text.encode()).hexdigest()[:20]}@{domain}>"
    for name, value in fields.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def receive(made: EmailMessage, **how: str) -> Message | None:
    """Let it come in; the message it made, if it made one."""
    accepted = mail.accept(raw=bytes(made), source="test", nudged=False, **how)  # type: ignore[arg-type]
    turn_waiting()
    return Message.objects.filter(raw_mail=accepted.mail).first() if accepted.mail else None


def sent() -> None:
    """Let all that is queued leave."""
    OutgoingMail.objects.filter(state="queued").update(not_before=timezone.now() - timedelta(minutes=1))
    while outbox.send_due():
        pass


class Story:
    """The person and what they left behind; tell it once with `told`."""

    def __init__(self, *, mailbox: Mailbox, owner: Agent, lead: Agent, other: Customer) -> None:
        self.mailbox, self.owner, self.lead, self.other = mailbox, owner, lead, other
        self.mails: list[EmailMessage] = []

    def told(self) -> Customer:
        """All of it, settled at the end."""
        first = self._angry_mail()
        self.person = Customer.objects.get(addresses__address=ADDRESS)
        self._record()
        self._talk(first)
        self._complaint(first)
        self._goodwill()
        self._second_conversation()
        self._elsewhere()
        self._joined()
        self._mail_that_made_no_message()
        sent()
        balance.take_up()
        comparing.compare_waiting()
        running.run_events()
        sent()
        return Customer.objects.get(pk=self.person.pk)

    def _comes(self, made: EmailMessage) -> Message | None:
        self.mails.append(made)
        return receive(made)

    def _angry_mail(self) -> Conversation:
        rule = {"name": "Mark it", "event": "conversation.opened", "actions": [{"do": "tag", "text": "seen"}]}
        workflows.keep_rule(by=self.lead, given=workflows.NewRule(**rule))
        CheckInRule.objects.create(name="All", days=1, text="Hi {{customer}}, is all well?")
        text = f"I am furious, says {MARK}. My card is {CARD}. Refund me. When will you answer?"
        made = letter(f"{MARK.title()} Person <{ADDRESS}>", text, Cc=SECOND)
        made.add_attachment(
            f"the kettle of {MARK}".encode(), maintype="text", subtype="plain", filename=f"{MARK}.txt"
        )
        message = self._comes(made)
        assert message is not None
        running.run_events()
        return message.conversation

    def _record(self) -> None:
        who, agent = self.person, self.owner
        customers.set_organisation(customer=who, name=f"Household {MARK}", agent=agent)
        customers.describe(customer=who, agent=agent, greeting_name=f"Dear {MARK}", tier="gold")
        customers.add_phone(customer=who, number="+49 30 1239871", label=MARK, agent=agent)
        customers.add_handle(customer=who, network="forum", handle=f"@{MARK}", agent=agent)
        customers.add_reference(customer=who, source="shop", external_id=f"{MARK}-1")
        customers.add_note(customer=who, author=agent, body=f"{MARK} likes tea.")
        customers.consent(
            customer=who,
            purpose="notices",
            given=True,
            how=f"form of {MARK}",
            proof=f"Yes, {MARK}",
            agent=agent,
        )
        field = CustomField.objects.create(key="shoe", label="Shoe")
        customers.set_value(of=who, field=field, value=f"{MARK} 43", agent=agent)
        bought = PurchaseFacts(
            external_id=f"{MARK}-9",
            product=f"Kettle {MARK}",
            bought_at=timezone.now(),
            order_number=f"{MARK}-9",
        )
        customers.put_purchase(source="shop", who=Who(customer_id=who.pk), facts=bought)
        runs = SubscriptionFacts(external_id=f"{MARK}-s", plan=f"Tea {MARK}", state="active")
        customers.put_subscription(source="shop", who=Who(customer_id=who.pk), facts=runs)
        assert contact.claim(who, about="notices", what=f"News for {MARK}")
        text = f"E-Mail;Name\n{ADDRESS};{MARK}\n"
        importing.begin(
            agent=self.lead, kind="customers", source="shop", filename="a.csv", data=text.encode()
        )
        mail.suppress(address=ADDRESS, reason=Suppression.Reason.UNSUBSCRIBED, detail=f"{MARK} clicked")

    def _talk(self, place: Conversation) -> None:
        agent = self.owner
        finding = {"rule": "calm", "severity": "warn", "quote": f"calm {MARK}", "practice": "E2"}
        coaching.note_remarks(agent=agent, conversation_id=place.pk, team_id=None, findings=[finding])
        coaching.dispute(
            agent=agent, rule="calm", quote=f"calm {MARK}", reason=MARK, conversation_id=place.pk
        )
        coaching.override(agent=agent, rule="calm", quote=MARK, reason=MARK, conversation_id=place.pk)
        promise = NewPromise(
            what=f"send {MARK} a lid",
            quote=f"We send {MARK} a lid.",
            due_at=None,
            whole_day=False,
            due_text=MARK,
            condition=f"{MARK} pays",
        )
        inbox.reply(conversation=place, agent=agent, markdown=f"Sorry, {MARK}.", promises=[promise])
        sent()
        inbox.note(conversation=place, agent=agent, markdown=f"@lena {MARK} was rude")
        inbox.log_call(
            conversation=place,
            agent=agent,
            call=NewCall(
                direction="incoming", phone="+49301239871", said=f"{MARK} called", next_step=f"{MARK}!"
            ),
        )
        inbox.save_draft(conversation=place, agent=agent, kind="reply", markdown=MARK, text=MARK, revision=1)
        inbox.escalate(conversation=place, agent=agent, reason=f"{MARK} shouts")
        inbox.end_escalation(conversation=place, agent=self.lead, decision=f"{MARK} is right")
        inbox.hand_over(conversation=place, agent=agent, to=self.lead, summary=f"About {MARK}")
        call = complaints.call_for_help(conversation=place, agent=agent, words=f"{MARK} is hard")
        complaints.join(call=call, lead=self.lead, words=f"I see {MARK}")
        for made in Promise.objects.filter(customer=self.person):
            promises.keep(promise=made, agent=agent, note=f"{MARK} has it")

    def _complaint(self, place: Conversation) -> None:
        agent = self.lead
        case = complaints.open_complaint(
            conversation=place, agent=agent, what_happened=f"{MARK} burnt", wanted=f"{MARK} wants money",
            product=MARK, order_number=f"{MARK}-9", kind="faulty",
        )  # fmt: skip
        complaints.acknowledge(complaint=case, agent=agent, note=f"{MARK} was told")
        complaints.investigate(complaint=case, agent=agent, note=MARK)
        complaints.add_check_item(complaint=case, agent=agent, text=f"Look at {MARK}'s lid")
        complaints.add_file(
            complaint=case, agent=agent, filename=f"{MARK}.png", content_type="image/png",
            data=f"evidence {MARK}".encode(),
        )  # fmt: skip
        complaints.add_words(complaint=case, agent=agent, title=MARK, text=f"{MARK} told")
        complaints.add_order(complaint=case, agent=agent, order_number=f"{MARK}-9", data={"who": MARK})
        message = place.messages.filter(kind="customer").first()
        assert message is not None
        complaints.add_message(complaint=case, agent=agent, message=message)
        question = complaints.ask(
            complaint=case, agent=agent, text=f"Who packed {MARK}?", address="fac@desk.example"
        )
        asked = question.outgoing
        assert asked is not None
        answer = letter("fac@desk.example", f"Me, for {MARK}.", subject="Re: question")
        answer.replace_header("To", _reply_to(asked))
        self._comes(answer)
        complaints.change(complaint=case, agent=agent, severity="serious")
        complaints.find_fault(complaint=case, agent=agent, fault="ours", note=f"{MARK} is right")
        offer = complaints.save_proposal(
            complaint=case,
            agent=agent,
            text=f"Dear {MARK}",
            options=[
                NewOption("voucher", f"A voucher for {MARK}", Decimal(20), Decimal(20)),
                NewOption("refund", f"Money for {MARK}", Decimal(30), Decimal(30)),
            ],
        )
        offer = complaints.send_proposal(proposal=offer, agent=agent)
        sent()
        complaints.ask_back(proposal=offer, words=f"{MARK} asks")
        complaints.choose(proposal=offer, option=offer.options.get(kind="voucher"))
        sent()
        for remedy in Remedy.objects.filter(complaint=case):
            goodwill.redeem(code=remedy.proof, reference=f"order {MARK}")
        extra = complaints.add_remedy(complaint=case, agent=agent, kind="other", what=f"A lid for {MARK}")
        complaints.done(remedy=extra, agent=agent, words=f"{MARK} has it")
        follow = FollowUp.objects.filter(complaint=case).order_by("-id").first()
        if follow is not None:
            FollowUp.objects.filter(pk=follow.pk).update(sent_at=timezone.now())
            complaints.answer_follow_up(follow_up=follow, is_content=True, words=f"{MARK} is well")
        self._close(case)

    def _close(self, case: Complaint) -> None:
        complaints.close(
            complaint=Complaint.objects.get(pk=case.pk), agent=self.lead, note=f"{MARK} is content"
        )
        complaints.reopen(complaint=Complaint.objects.get(pk=case.pk), agent=self.lead, words=f"{MARK} again")
        complaints.close(complaint=Complaint.objects.get(pk=case.pk), agent=self.lead, note=MARK)
        for promise in Promise.objects.filter(customer=self.person, state="open"):
            promises.withdraw(promise=promise, agent=self.lead, note=MARK)
        self.case = Complaint.objects.get(pk=case.pk)

    def _goodwill(self) -> None:
        gift = NewGesture("voucher", Decimal(5), self.person, f"{MARK} waited", Place(), valid_days=30)
        given = goodwill.give(agent=self.lead, gesture=gift)
        goodwill.reverse(gesture=given, by=self.lead, reason=f"{MARK} did not")
        goodwill.give(agent=self.lead, gesture=gift)
        wish = NewGesture("refund", Decimal(900), self.person, f"{MARK} needs it")
        request = goodwill.ask(agent=self.owner, gesture=wish)
        goodwill.refuse(request=request, by=self.lead, reason=f"Not for {MARK}")
        assert Gesture.objects.count() >= 3
        assert Voucher.objects.filter(customer=self.person).exists()

    def _second_conversation(self) -> None:
        """Two more, merged; closed, with a check-in planned."""
        one = self._comes(letter(f"<{ADDRESS}>", f"Where is the lid, {MARK} asks?"))
        two = self._comes(letter(f"<{ADDRESS}>", f"Hello, {MARK} again"))
        assert one is not None
        assert two is not None
        inbox.merge(source=two.conversation, target=one.conversation, agent=self.owner)
        inbox.close(conversation=one.conversation, agent=self.owner)

    def _elsewhere(self) -> None:
        """In somebody else's conversation: in copy, answering, quoted; and one merged by mistake."""
        theirs = receive(letter("Carla <carla@example.org>", "My lamp broke.", Cc=ADDRESS, subject="A lamp"))
        assert theirs is not None
        said = self._comes(
            letter(f"<{ADDRESS}>", f"So did {MARK}'s.", subject="Re", In_Reply_To=theirs.header_id)
        )
        assert said is not None
        assert said.conversation == theirs.conversation
        answer = f"Yes.\n\nOn Monday {MARK} wrote:\n> So did {MARK}'s.\n"
        receive(letter("Carla <carla@example.org>", answer, subject="Re", In_Reply_To=said.header_id))
        inbox.reply(conversation=theirs.conversation, agent=self.owner, markdown="We look at both.")
        sent()
        mistaken = self._comes(letter(f"<{ADDRESS}>", f"By mistake, {MARK}"))
        assert mistaken is not None
        place = inbox.open_conversation(
            customer=self.other, subject="Sofa", text="Mine.", mailbox=self.mailbox
        )
        inbox.merge(source=mistaken.conversation, target=place, agent=self.owner)
        self.carlas = theirs.conversation

    def _joined(self) -> None:
        """A second record, joined; and one joined by mistake and parted again."""
        second = customers.customer_of(address=SECOND, name=f"{MARK.title()} Second")
        customers.join(gone=second, kept=self.person, agent=self.lead)
        friend = Customer.objects.create(name="Friend")
        CustomerAddress.objects.create(customer=friend, address="friend@example.org")
        customers.join(gone=friend, kept=self.person, agent=self.lead)
        mistake = Joining.objects.get(kept_number=self.person.pk, gone_number=friend.pk)
        customers.undo_joining(joining=mistake, agent=self.lead)

    def _mail_that_made_no_message(self) -> None:
        """Our own mail that came back, one that needs a person, and one that was set aside."""
        own = OutgoingMail.objects.filter(recipients__icontains=ADDRESS).first()
        assert own is not None
        mail.accept(raw=bytes(own.raw), source="test", nudged=False)
        mail.accept(raw=bytes(letter(f"<{ADDRESS}>", f"Broken {MARK}")), source="test", nudged=False)
        newest = RawMail.objects.order_by("-id").first()
        assert newest is not None
        RawMail.objects.filter(pk=newest.pk).update(state="needs_person", reason=f"From {ADDRESS}")
        turn_waiting()


def _reply_to(outgoing: OutgoingMail) -> str:
    for line in bytes(outgoing.raw).decode().splitlines():
        if line.lower().startswith("reply-to:"):
            return line.partition(":")[2].strip()
    raise AssertionError("no reply address")
