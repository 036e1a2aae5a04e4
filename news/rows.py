"""How articles and policies stand in lists and fact tables."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from city import quantities
from city.models import date_in_words
from news.models import Policy
from parks.rows import in_one_line
from publishing.display import Fact, row, stated, text_fact

VALIDITY_TAGS = {Policy.Validity.IN_FORCE: "go"}


def article_row(article):
    """Title, date and original publisher."""
    return row(
        article,
        text=article.summary,
        meta=[article_date(article), article.get_kind_display(), *([article.publisher] if article.publisher else [])],
    )


def article_date(article) -> str:
    if article.is_undated:
        return _("undated")
    return date_in_words(timezone.localtime(article.first_published_at).date())


def policy_row(policy):
    meta = [policy.get_category_display(), policy.get_kind_display(), policy.get_level_display(), policy.document_no]
    return row(
        policy,
        text=policy.summary,
        meta=[text for text in meta if text],
        tags=[(policy.get_validity_display(), VALIDITY_TAGS.get(policy.validity, ""))],
    )


def policy_facts(policy, districts) -> list[Fact]:
    """Number, body, dates, amount, office, days and fee."""
    facts = []
    if policy.kind == Policy.Kind.POLICY:
        facts += [Fact(_("Document number"), policy.document_no), text_fact(_("Issuing body"), policy, "issuing_body")]
    facts.append(Fact(_("Level"), policy.get_level_display()))
    dates = [(_("Issued on"), policy.issued_on), (_("In force from"), policy.effective_on), (_("In force until"), policy.expires_on)]
    for label, date in dates:
        facts += (
            [Fact(label, date_in_words(date) if date else "")]
            if policy.kind == Policy.Kind.POLICY
            else stated([Fact(label, date_in_words(date) if date else "")])
        )
    facts += stated(
        [
            # Where words say "at most" or "per unit", the bare rate would promise too much.
            Fact(_("Rate"), "" if policy.amount_text else policy.rate_text, policy.rate_base),
            Fact(_("At most"), policy.cap_text),
            Fact(_("Apply from"), date_in_words(policy.apply_from) if policy.apply_from else ""),
            Fact(_("Apply until"), date_in_words(policy.apply_until) if policy.apply_until else ""),
            Fact(_("Districts"), in_one_line(district.name for district in districts)),
        ]
    )
    facts += [
        Fact(_("Office in charge"), policy.office.name if policy.office else ""),
        Fact(_("Promised time"), days(policy.promised_days)),
        Fact(_("Fee"), fee(policy.fee_cny)),
    ]
    return facts + stated([Fact(_("Statutory time"), days(policy.statutory_days))])


def step_line(step) -> str:
    """Office, days and fee of a step: what is stated of them."""
    return " · ".join(text for text in (step.office, days(step.days), fee(step.fee_cny)) if text)


def days(number) -> str:
    return ngettext("%d working day", "%d working days", number) % number if number is not None else ""


def fee(amount) -> str:
    if amount is None:
        return ""
    return quantities.money(amount) if amount else _("free of charge")
