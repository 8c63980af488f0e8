from django.db import migrations

# Our own mails that came back made no message, and now say so.
REASONS = """
UPDATE mail_rawmail AS mail SET reason = 'It is a mail of ours that came back to us.'
WHERE state = 'done' AND reason = ''
AND NOT EXISTS (SELECT FROM inbox_message WHERE raw_mail_id = mail.id)
AND EXISTS (SELECT FROM mail_outgoingmail WHERE message_id = split_part(mail.identity, ' ', 1))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0002_sender_trust"),
        ("mail", "0003_journal_of_earlier_mail"),
    ]

    operations = [migrations.RunSQL(REASONS, migrations.RunSQL.noop)]
