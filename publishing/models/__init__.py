"""What every published thing shares, and what staff do with it: one module for each subject."""

from publishing.models.addresses import OldAddress
from publishing.models.item import Publishable, PublishableQuerySet, Status, complete_once_public
from publishing.models.languages import PreferredWord, TranslationState
from publishing.models.links import PageLink
from publishing.models.pictures import Picture, PictureUse
from publishing.models.presence import Presence
from publishing.models.sharing import SharedLink
from publishing.models.tables import Batch, HeadingNames, Upload
from publishing.models.taking_down import TakeDownAnswer, TakeDownQuestion
from publishing.models.versions import Change, Decision, Revision

__all__ = [
    "Batch",
    "Change",
    "Decision",
    "HeadingNames",
    "OldAddress",
    "PageLink",
    "Picture",
    "PictureUse",
    "PreferredWord",
    "Presence",
    "Publishable",
    "PublishableQuerySet",
    "Revision",
    "SharedLink",
    "Status",
    "TakeDownAnswer",
    "TakeDownQuestion",
    "TranslationState",
    "Upload",
    "complete_once_public",
]
