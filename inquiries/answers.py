"""Questions and answers for everybody: the list, one of them, and what their lists may be filtered by."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from city.models import date_in_words
from inquiries.models import Inquiry, PublicAnswer
from parks.filters import park_choices
from parks.views import contacts_for
from publishing.display import public_or_none, row
from publishing.filters import CodesFilter, PublicFilterSet, words
from publishing.views import PublicDetail, PublicList


class AnswerFilter(PublicFilterSet):
    q = words()
    topic = CodesFilter("topic", label=gettext_lazy("Topic"), choices=[(code, capfirst(label)) for code, label in Inquiry.Topic.choices])
    park = CodesFilter("park__slug", label=gettext_lazy("Park"), choices=park_choices)

    sorts = {"published": ("answered_on", True), "title": ("title", False), "updated": ("updated_at", True)}
    sort_labels = {"-published": gettext_lazy("Newest first"), "published": gettext_lazy("Oldest first")}

    class Meta:
        model = PublicAnswer
        fields = []


class AnswerList(PublicList):
    model = PublicAnswer
    filterset_class = AnswerFilter
    template_name = "inquiries/publicanswer_list.html"
    title = gettext_lazy("Questions and answers")
    lede = gettext_lazy("What investors have asked the bureaus, and the answers. Without names.")
    export_name = "answers:export"
    export_fields = ["slug", "title", "summary", "topic", "park", "asked_on", "answered_on"]

    def related(self, queryset):
        return queryset.select_related("park", "bureau")

    def row(self, item, filterset):
        return answer_row(item)

    def count_text(self, count):
        return ngettext("%d question", "%d questions", count) % count


class AnswerDetail(PublicDetail):
    model = PublicAnswer
    template_name = "inquiries/publicanswer_detail.html"
    list_title = gettext_lazy("Questions and answers")
    list_name = "answers:list"

    def items(self):
        return super().items().select_related("park")

    def context(self, item):
        park = public_or_none(item.park)
        more = PublicAnswer.objects.public().in_language().filter(topic=item.topic).exclude(pk=item.pk)
        return {
            "park": park,
            "dates": dates(item),
            "more": more.defer("body_en", "body_zh_hans", "body_zh_hant")[:5],
            "contacts": contacts_for(item),
        }


def answer_row(answer):
    park = public_or_none(answer.park)
    meta = [capfirst(answer.get_topic_display()), *([park.name] if park else []), dates(answer)]
    return row(answer, text=answer.summary, meta=[text for text in meta if text])


def dates(answer) -> str:
    """asked 2 Mar 2026, answered 4 Mar 2026."""
    asked, answered = answer.asked_on, answer.answered_on
    if not (asked and answered):
        return ""
    return _("asked %(asked)s, answered %(answered)s") % {"asked": date_in_words(asked), "answered": date_in_words(answered)}
