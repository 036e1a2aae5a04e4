"""Builds letters as they come over the wire."""

from email.message import EmailMessage
from email.utils import make_msgid

from inquiries.reply_address import reply_address


def letter(
    body="Thursday suits us.", *, to="", headers=(), sender="Erika Beispiel <erika@example.com>", subject="Re: your letter", html=""
):
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to or "inquiry@example.org"
    message["Subject"] = subject
    message["Message-ID"] = make_msgid(domain="example.com")
    for name, value in headers:
        message[name] = value
    message.set_content(body)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def answer(inquiry, body="Thursday suits us.", **fields):
    """An answer to the reply address of an inquiry."""
    return letter(body, **{"to": f"Invest Zhaoqing <{reply_address(inquiry.reference)}>", "subject": f"Re: {inquiry.reference}"} | fields)


REPORT = b"""\
From: Mail Delivery System <mailer-daemon@mx.example.com>
To: inquiry@example.org
Return-Path: <>
Auto-Submitted: auto-replied
Subject: Undelivered Mail Returned to Sender
Message-ID: <report-%(action)s-%(number)s@mx.example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

This is the mail system. Your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; erika@example.com
Action: %(action)s
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <erika@example.com>: no such mailbox

--B
Content-Type: text/rfc822-headers

From: Invest Zhaoqing <inquiry@example.org>
To: erika@example.com
Subject: Answer
Message-ID: <%(number)s@127.0.0.1>

--B--
"""


def report(ours, action="failed") -> bytes:
    """What a mail server says about a letter of ours (RFC 3464)."""
    return REPORT % {b"number": str(ours.pk).encode(), b"action": action.encode()}
