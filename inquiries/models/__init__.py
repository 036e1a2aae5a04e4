"""What investors ask, and what they are answered: one module for each subject."""

from inquiries.models.access import Attempt, TrackingLink
from inquiries.models.answers import PublicAnswer
from inquiries.models.calendar import CalendarDay, Extension, Pause, TimeLimit
from inquiries.models.desk import Absence, CannedReply, FollowUp, Reminder, Transfer
from inquiries.models.inquiry import Inquiry
from inquiries.models.mail import IncomingLetter
from inquiries.models.privacy import Erasure
from inquiries.models.thread import Attachment, Message, address_refuses, undelivered

__all__ = [
    "Absence",
    "Attachment",
    "Attempt",
    "CalendarDay",
    "CannedReply",
    "Erasure",
    "Extension",
    "FollowUp",
    "IncomingLetter",
    "Inquiry",
    "Message",
    "Pause",
    "PublicAnswer",
    "Reminder",
    "TimeLimit",
    "TrackingLink",
    "Transfer",
    "address_refuses",
    "undelivered",
]
