"""Mail servers that will not have it."""

from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

from django.core.mail.backends.locmem import EmailBackend


class Away(EmailBackend):
    def send_messages(self, messages):
        raise SMTPServerDisconnected("Connection unexpectedly closed")


class Refusing(EmailBackend):
    def send_messages(self, messages):
        address = messages[0].to[0]
        raise SMTPRecipientsRefused({address: (550, b"No such user")})


class RefusingSome(EmailBackend):
    def send_messages(self, messages):
        if messages[0].to[0].startswith("refused"):
            raise SMTPRecipientsRefused({messages[0].to[0]: (550, b"No such user")})
        return super().send_messages(messages)
