import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_initial"),
        ("inbox", "0004_service_routing_and_calls"),
        ("mail", "0003_journal_of_earlier_mail"),
        ("promises", "0001_initial"),
        ("staff", "0002_hours_authority_and_work"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Checklist",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("items", models.JSONField(default=list)),
                ("order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "number series",
            },
        ),
        migrations.CreateModel(
            name="Cause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="complaints.cause",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(help_text="Such as C-2026-0007.", max_length=20, unique=True)),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("agent", "an agent"),
                            ("coach", "the coach's suggestion"),
                            ("form", "the customer's form"),
                        ],
                        default="agent",
                        max_length=20,
                    ),
                ),
                ("what_happened", models.TextField()),
                (
                    "wanted",
                    models.TextField(blank=True, help_text="What the customer wants, in their words."),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("minor", "minor"), ("serious", "serious"), ("grave", "grave")],
                        default="minor",
                        max_length=20,
                    ),
                ),
                ("kind", models.SlugField(blank=True, help_text="The key of its checklist.", max_length=60)),
                ("product", models.CharField(blank=True, max_length=300)),
                ("order_number", models.CharField(blank=True, max_length=100)),
                ("stage", models.SlugField(default="received", max_length=40)),
                (
                    "closed_at",
                    models.DateTimeField(default=None, help_text="None while it is open.", null=True),
                ),
                (
                    "fault",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ours", "ours"),
                            ("carrier", "the carrier's"),
                            ("shared", "shared"),
                            ("customer", "the customer's"),
                            ("unclear", "unclear"),
                        ],
                        help_text="Empty: not found yet.",
                        max_length=20,
                    ),
                ),
                ("fault_note", models.TextField(blank=True)),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=2, default=0, help_text="Beside that of its remedies.", max_digits=12
                    ),
                ),
                (
                    "final_due_at",
                    models.DateTimeField(
                        default=None, help_text="When the final response is due; None: none is.", null=True
                    ),
                ),
                (
                    "final_response_at",
                    models.DateTimeField(default=None, help_text="When it was given.", null=True),
                ),
                ("final_warned_at", models.DateTimeField(default=None, null=True)),
                ("final_breached_at", models.DateTimeField(default=None, null=True)),
                (
                    "cause",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="complaints",
                        to="complaints.cause",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="inbox.conversation",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="customers.customer",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="complaints",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="complaints",
                        to="staff.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CheckItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("text", models.CharField(max_length=500)),
                ("done_at", models.DateTimeField(default=None, null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="check_items",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="ComplaintConversation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="further",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="further_complaints",
                        to="inbox.conversation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("file", "file"),
                            ("message", "message"),
                            ("text", "note"),
                            ("order", "order data"),
                        ],
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("text", models.TextField(blank=True)),
                ("content_type", models.CharField(blank=True, max_length=200)),
                ("data", models.JSONField(default=dict, help_text="Of an order, name to value.")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "blob",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mail.blob",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="inbox.message",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "evidence",
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(default=None, null=True)),
                (
                    "dropped_at",
                    models.DateTimeField(default=None, help_text="Not asked: see `why`.", null=True),
                ),
                ("why", models.CharField(blank=True, max_length=200)),
                ("answered_at", models.DateTimeField(default=None, null=True)),
                ("is_content", models.BooleanField(default=None, help_text="None: not answered.", null=True)),
                ("words", models.TextField(blank=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_ups",
                        to="complaints.complaint",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NotAComplaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conversation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="not_a_complaint",
                        to="inbox.conversation",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "not complaints",
            },
        ),
        migrations.CreateModel(
            name="Prevention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("action", models.TextField()),
                ("due_on", models.DateField(default=None, null=True)),
                (
                    "reminded_at",
                    models.DateTimeField(default=None, help_text="When it was seen to be late.", null=True),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("done_at", models.DateTimeField(default=None, null=True)),
                ("result", models.TextField(blank=True)),
                (
                    "cause",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="preventions",
                        to="complaints.cause",
                    ),
                ),
                (
                    "complaints",
                    models.ManyToManyField(blank=True, related_name="preventions", to="complaints.complaint"),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="preventions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Procedure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                (
                    "preset",
                    models.SlugField(blank=True, help_text="The preset it was made from.", max_length=40),
                ),
                ("is_default", models.BooleanField(default=False)),
                (
                    "final_response_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Days from opening to the final response, weekends too.",
                        null=True,
                    ),
                ),
                (
                    "has_form",
                    models.BooleanField(
                        default=True,
                        help_text="Of the default one: customers may complain by the public form.",
                    ),
                ),
                (
                    "body_text",
                    models.TextField(blank=True, help_text="Where the customer can go when we do not agree."),
                ),
                (
                    "follow_up_days",
                    models.PositiveSmallIntegerField(default=5, help_text="Days from remedy to follow-up."),
                ),
                (
                    "proposal_days",
                    models.PositiveSmallIntegerField(default=14, help_text="How long a proposal is open."),
                ),
                (
                    "team",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="procedure",
                        to="staff.team",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="complaint",
            name="procedure",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="complaints",
                to="complaints.procedure",
            ),
        ),
        migrations.CreateModel(
            name="ProcedureStage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40)),
                ("order", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=100)),
                (
                    "limit_minutes",
                    models.PositiveIntegerField(blank=True, help_text="None: no clock.", null=True),
                ),
                (
                    "working_hours",
                    models.BooleanField(default=True, help_text="Off: the clock runs day and night."),
                ),
                (
                    "warn_percent",
                    models.PositiveSmallIntegerField(default=75, help_text="Of the limit that is gone."),
                ),
                (
                    "next_step",
                    models.CharField(
                        blank=True,
                        help_text="What is promised to the customer while it is in this stage.",
                        max_length=300,
                    ),
                ),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="complaints.procedure",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("text", models.TextField(blank=True, help_text="Words to the customer above the options.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "being written"),
                            ("approval", "waiting for approval"),
                            ("sent", "waiting for the customer"),
                            ("asked", "the customer asked back"),
                            ("chosen", "chosen"),
                            ("declined", "declined"),
                            ("expired", "expired"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("sent_at", models.DateTimeField(default=None, null=True)),
                ("expires_at", models.DateTimeField(default=None, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="inbox.message",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProposalOption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("replacement", "replacement"),
                            ("repair", "repair"),
                            ("refund", "refund"),
                            ("discount", "discount"),
                            ("voucher", "voucher"),
                            ("gift", "gift"),
                            ("warranty", "extended warranty"),
                            ("information", "information"),
                            ("other", "something else"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(help_text="What the customer reads.")),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=2, default=0, help_text="To the house.", max_digits=12
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=2,
                        default=None,
                        help_text="To the customer, when it is money.",
                        max_digits=12,
                        null=True,
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="options",
                        to="complaints.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("chosen", "chosen"), ("declined", "declined"), ("asked", "asked back")],
                        max_length=20,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="choices",
                        to="complaints.proposal",
                    ),
                ),
                (
                    "option",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="choices",
                        to="complaints.proposaloption",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("address", models.EmailField(max_length=320)),
                ("text", models.TextField()),
                ("due_at", models.DateTimeField(default=None, null=True)),
                (
                    "reminded_at",
                    models.DateTimeField(default=None, help_text="When it was seen to be late.", null=True),
                ),
                (
                    "answered_at",
                    models.DateTimeField(default=None, help_text="Of the first answer.", null=True),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        help_text="None: not of the desk.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "outgoing",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="mail.outgoingmail",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "sender",
                    models.CharField(blank=True, help_text="The address it came from.", max_length=320),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "raw_mail",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="mail.rawmail",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="complaints.question",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Remedy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("replacement", "replacement"),
                            ("repair", "repair"),
                            ("refund", "refund"),
                            ("discount", "discount"),
                            ("voucher", "voucher"),
                            ("gift", "gift"),
                            ("warranty", "extended warranty"),
                            ("information", "information"),
                            ("other", "something else"),
                        ],
                        max_length=20,
                    ),
                ),
                ("what", models.TextField()),
                ("cost", models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("under_way", "under way"),
                            ("done", "done"),
                            ("failed", "failed"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "proof_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("tracking", "tracking number"),
                            ("refund", "refund reference"),
                            ("code", "code"),
                            ("words", "words"),
                        ],
                        max_length=20,
                    ),
                ),
                ("proof", models.CharField(blank=True, max_length=300)),
                ("proven_at", models.DateTimeField(default=None, null=True)),
                (
                    "note",
                    models.TextField(blank=True, help_text="Why it failed, or what is to be known about it."),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remedies",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "option",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remedies",
                        to="complaints.proposaloption",
                    ),
                ),
                (
                    "promise",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="remedy",
                        to="promises.promise",
                    ),
                ),
                (
                    "proven_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "remedies",
            },
        ),
        migrations.CreateModel(
            name="Reopening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("words", models.TextField(blank=True)),
                ("from_stage", models.SlugField(max_length=40)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reopenings",
                        to="complaints.complaint",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StageRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("stage", models.SlugField(max_length=40)),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("note", models.TextField(blank=True)),
                (
                    "warn_at",
                    models.DateTimeField(
                        default=None, help_text="None: there is nothing to warn of.", null=True
                    ),
                ),
                ("due_at", models.DateTimeField(default=None, help_text="None: no clock runs.", null=True)),
                ("warned_at", models.DateTimeField(default=None, null=True)),
                (
                    "breached_at",
                    models.DateTimeField(default=None, help_text="When it was seen to be late.", null=True),
                ),
                ("left_at", models.DateTimeField(default=None, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stage_records",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        help_text="The next step that the customer was promised.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="stage_records",
                        to="promises.promise",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CallForHelp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("words", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(default=None, null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("joined", "joined"),
                            ("took_over", "took over"),
                            ("managed", "managed without"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls_for_help",
                        to="inbox.conversation",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "calls for help",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None)),
                        fields=("conversation",),
                        name="one_open_call_for_help",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.UniqueConstraint(
                fields=("parent", "name"), name="cause_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="checkitem",
            constraint=models.UniqueConstraint(fields=("complaint", "text"), name="check_item_once"),
        ),
        migrations.AddConstraint(
            model_name="complaintconversation",
            constraint=models.UniqueConstraint(
                fields=("complaint", "conversation"), name="further_conversation_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "message")),
                fields=("complaint", "message"),
                name="evidence_message_once",
            ),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(
                condition=models.Q(("dropped_at", None), ("sent_at", None)),
                fields=["due_at"],
                name="follow_up_to_send",
            ),
        ),
        migrations.AddIndex(
            model_name="prevention",
            index=models.Index(
                condition=models.Q(("done_at", None)), fields=["due_on"], name="prevention_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="procedure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)),
                fields=("is_default",),
                name="default_procedure_once",
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["stage", "-id"], name="complaint_stage"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["owner", "-id"], name="complaint_mine"
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["cause", "-opened_at"], name="complaint_cause"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["-opened_at", "-id"], name="complaint_opened"),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(
                    ("closed_at", None),
                    ("final_breached_at", None),
                    ("final_due_at__isnull", False),
                    ("final_response_at", None),
                ),
                fields=["final_due_at"],
                name="complaint_final",
            ),
        ),
        migrations.AddConstraint(
            model_name="procedurestage",
            constraint=models.UniqueConstraint(fields=("procedure", "key"), name="stage_key_once"),
        ),
        migrations.AddConstraint(
            model_name="procedurestage",
            constraint=models.CheckConstraint(
                condition=models.Q(("warn_percent__lte", 100)), name="stage_warn_percent"
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["complaint", "-id"], name="proposal_complaint"),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(
                condition=models.Q(("state__in", ["sent", "asked"])),
                fields=["expires_at"],
                name="proposal_to_expire",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposaloption",
            constraint=models.CheckConstraint(condition=models.Q(("cost__gte", 0)), name="option_cost"),
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["chosen", "declined"])),
                fields=("proposal",),
                name="settled_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "chosen"), ("option__isnull", False)),
                    models.Q(models.Q(("kind", "chosen"), _negated=True), ("option", None)),
                    _connector="OR",
                ),
                name="chosen_has_option",
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("answered_at", None), ("due_at__isnull", False), ("reminded_at", None)),
                fields=["due_at"],
                name="question_to_remind",
            ),
        ),
        migrations.AddIndex(
            model_name="remedy",
            index=models.Index(fields=["complaint", "id"], name="remedy_complaint"),
        ),
        migrations.AddConstraint(
            model_name="remedy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("option__isnull", False)),
                fields=("complaint", "option"),
                name="remedy_once",
            ),
        ),
        migrations.AddIndex(
            model_name="stagerecord",
            index=models.Index(fields=["complaint", "id"], name="stage_record_complaint"),
        ),
        migrations.AddIndex(
            model_name="stagerecord",
            index=models.Index(
                condition=models.Q(
                    ("breached_at", None), ("left_at", None), ("warn_at__isnull", False), ("warned_at", None)
                ),
                fields=["warn_at"],
                name="stage_to_warn",
            ),
        ),
        migrations.AddIndex(
            model_name="stagerecord",
            index=models.Index(
                condition=models.Q(("breached_at", None), ("due_at__isnull", False), ("left_at", None)),
                fields=["due_at"],
                name="stage_to_breach",
            ),
        ),
        migrations.AddConstraint(
            model_name="stagerecord",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at", None)), fields=("complaint",), name="one_present_stage"
            ),
        ),
    ]
