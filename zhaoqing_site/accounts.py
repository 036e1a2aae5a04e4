"""Accounts of the staff: signing in and out, the second factor, one's own sessions, and the way in by invitation."""

from functools import wraps

import django_otp
import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import authenticate, login, logout
from django.db import IntegrityError, transaction
from django.http import Http404, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from bureaus import devices, invitations, letters, lock_out, passwords, second_factor, sessions
from bureaus.account_forms import CodeForm, JoinForm, PasswordForm, SetUpForm
from bureaus.audit import Action, Result, record
from bureaus.models import Preference

BACKEND = "django.contrib.auth.backends.ModelBackend"


def half_signed_in(view):
    """For staff who have given their password, with or without the second factor; others sign in first."""

    @wraps(view)
    def guarded(self, request):
        if not (request.user.is_active and request.user.is_staff):
            return redirect(f"{reverse('admin:login')}?{urlencode({'next': request.get_full_path()})}")
        return view(self, request)

    return method_decorator([never_cache, csrf_protect])(guarded)


class AccountsSite(AdminSite):
    """A staff area that asks for a second factor and knows where its people are signed in."""

    def has_permission(self, request):
        return super().has_permission(request) and not second_factor.is_owed(request, request.user)

    def each_context(self, request):
        left = sessions.seconds_left(request.session) if request.user.is_authenticated else None
        return super().each_context(request) | {"session_left": left}

    def get_urls(self):
        own = [
            path("account/", self.admin_view(self.account), name="account"),
            path("account/sign-out-everywhere/", self.admin_view(require_POST(self.sign_out_everywhere)), name="sign_out_everywhere"),
            path("account/sessions/<int:key>/end/", self.admin_view(require_POST(self.end_session)), name="end_session"),
            path("account/morning-mail/", self.admin_view(require_POST(self.morning_mail)), name="morning_mail"),
            path("account/stay/", self.admin_view(require_POST(self.stay)), name="stay"),
            path("second-factor/", self.second_factor, name="second_factor"),
            path("second-factor/set-up/", self.second_factor_set_up, name="second_factor_set_up"),
            path("second-factor/codes/", self.admin_view(self.recovery_codes), name="recovery_codes"),
            path("invitation/<str:key>/", self.invitation, name="invitation"),
        ]
        return own + super().get_urls()

    def page(self, request, template, title, status=200, **context):
        context = self.each_context(request) | {"title": title} | context
        return TemplateResponse(request, f"admin/{template}.html", context, status=status)

    # --- Password ---

    def login(self, request, extra_context=None):
        if request.method == "GET" and request.user.is_authenticated and second_factor.is_owed(request, request.user):
            return redirect(f"{reverse('admin:second_factor')}?{urlencode({'next': next_address(request)})}")
        if request.method != "POST":
            return super().login(request, extra_context)
        if lock_out.is_paused(request):
            return self.page(request, "locked_out", _("Sign-in is paused"), status=429, is_whole_address=True)
        earlier = request.session.get(sessions.MARKS)
        response = super().login(request, extra_context)
        if response.status_code != 302:
            self.note_refusal(request)
            return response
        if earlier:
            sessions.close({sessions.MARKS: earlier})
        return self.welcome(request, response)

    def note_refusal(self, request):
        name = request.POST.get("username", "")
        # Asked of the request: axes tells of a pause by a signal or by this mark, and the mark needs no receiver.
        if getattr(request, "axes_locked_out", False):
            lock_out.note_pause(request, name)
        else:
            lock_out.note_failure(request, Action.SIGN_IN, name)

    @transaction.atomic
    def welcome(self, request, response):
        """All that follows from a right password: the session's row, the mail about a browser not seen before, the own language."""
        user, device = request.user, devices.key_of(request) or devices.new_key()
        is_new = sessions.is_new_device(user, device)
        session = sessions.begin(request, device)
        if second_factor.has_one(user):
            request.session[second_factor.ASKED] = True
        record(Action.SIGN_IN, request=request)
        if is_new:
            letters.new_device(user, session)
        devices.remember(response, device)
        self.look_at_password(request)
        if preference := Preference.objects.filter(user_id=user.pk).first():
            remember_language(response, preference.language)
        return response

    def look_at_password(self, request):
        """Where passwords do not last: a warning, or the mark that it is to be changed first.

        No mark where typed text waits behind the sign-in: that comes first, and the password at the next one.
        """
        left = passwords.days_left(request.user)
        if left is None or left > passwords.WARN_DAYS:
            return
        if left > 0:
            words = ngettext("Your password must be changed within %d day.", "Your password must be changed within %d days.", left)
            messages.warning(request, words % left)
        elif "carried" not in request.POST and not next_address(request).startswith(reverse("admin:signed_in")):
            request.session[passwords.OLD] = True

    def logout(self, request, extra_context=None):
        if request.method == "POST" and request.user.is_authenticated:
            record(Action.SIGN_OUT, request=request)
            sessions.close(request.session)
        response = super().logout(request, extra_context)
        return without_traces(request, response)

    def password_change(self, request, extra_context=None):
        if request.method == "GET" and request.session.get(passwords.OLD):
            messages.warning(request, _("Your password is too old. Choose a new one, then you go on where you wanted to go."))
        response = super().password_change(request, extra_context)
        if response.status_code == 302:
            if request.session.pop(passwords.OLD, False):
                response = redirect(next_address(request))
            sessions.follow_key(request)
            sessions.end_all(request.user, but=request)
            record(Action.PASSWORD, request=request, thing=request.user)
            letters.password_changed(request.user)
        return response

    # --- The own account ---

    def account(self, request):
        """For everybody: how one signs in, and where one is signed in."""
        return self.page(
            request,
            "account",
            _("Your account"),
            has_second_factor=second_factor.has_one(request.user),
            letters_in=dict(settings.LANGUAGES)[letters.language_of(request.user)],
            wants_morning_mail=Preference.objects.filter(user_id=request.user.pk, morning_mail=True).exists(),
            codes_left=second_factor.recovery_codes_left(request.user),
            sessions=[(row, devices.in_words(row.browser)) for row in sessions.open_sessions(request.user)],
        )

    def morning_mail(self, request):
        """Switches the own morning mail on or off."""
        wanted = request.POST.get("wanted") == "yes"
        Preference.objects.update_or_create(
            user_id=request.user.pk,
            defaults={"morning_mail": wanted},
            create_defaults={"morning_mail": wanted, "language": get_language()},
        )
        if wanted:
            messages.success(request, _("You get the morning mail from the next working day on."))
        else:
            messages.success(request, _("You get no morning mail any more."))
        return redirect("admin:account")

    def sign_out_everywhere(self, request):
        number = sessions.end_all(request.user)
        record(Action.SESSION_END, request=request, thing=request.user, detail="everywhere")
        logout(request)
        messages.success(request, _("Signed out everywhere; sessions ended: %(number)s.") % {"number": number})
        return redirect("admin:login")

    def end_session(self, request, key):
        """One of the own sessions; the one that asks signs out instead."""
        row = sessions.open_sessions(request.user).filter(pk=key).exclude(session_key=request.session.session_key).first()
        if row is None:
            raise Http404
        sessions.end([row])
        record(Action.SESSION_END, request=request, thing=request.user)
        messages.success(request, _("Signed out: %(device)s.") % {"device": devices.in_words(row.browser)})
        return redirect("admin:account")

    def stay(self, request):
        """For scripts: somebody is here and wants to stay signed in; the seconds that are left now."""
        return JsonResponse({"seconds": sessions.seconds_left(request.session)})

    # --- The second factor ---

    @half_signed_in
    def second_factor(self, request):
        """Asks for the code after the password."""
        user, target = request.user, next_address(request)
        if not second_factor.is_owed(request, user):
            return redirect(target)
        if not second_factor.has_one(user):
            if second_factor.is_required_of(user):
                return redirect(f"{reverse('admin:second_factor_set_up')}?{urlencode({'next': target})}")
            request.session.pop(second_factor.ASKED)
            return redirect(target)
        form = CodeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            answer = second_factor.check(user, form.cleaned_data["code"])
            if answer.device:
                self.take_code(request, answer)
                return self.go_on(request, target)
            refuse_code(request, form, answer)
        return self.page(request, "second_factor", _("One more step"), form=form, next=target, carried=request.POST.get("carried", ""))

    def take_code(self, request, answer):
        enter_with(request, answer.device)
        record(Action.SIGN_IN_CODE, request=request, detail="recovery code" if answer.is_recovery else "")
        if answer.is_recovery:
            left = second_factor.recovery_codes_left(request.user)
            letters.recovery_code_used(request.user, left)
            messages.warning(request, _("This recovery code works no more. Codes left: %(number)s.") % {"number": left})

    def go_on(self, request, target):
        """Where a full sign-in leads."""
        return redirect(target)

    @half_signed_in
    def second_factor_set_up(self, request):
        """Ties an app to the account; who has one already gives the password again."""
        user, target = request.user, next_address(request)
        is_new = not second_factor.has_one(user)
        if not is_new and not user.is_verified():
            return redirect(f"{reverse('admin:second_factor')}?{urlencode({'next': reverse('admin:second_factor_set_up')})}")
        form = SetUpForm(request.POST or None, user=user, is_new=is_new)
        if request.method == "POST" and form.is_valid() and (is_new or password_is_right(request, form, Action.SECOND_FACTOR)):
            if done := second_factor.set_up(user, form.key, form.cleaned_data["code"]):
                return self.set_up_done(request, target, *done)
            lock_out.note_failure(request, Action.SECOND_FACTOR)
            form.add_error("code", _("This code is not right. Is the clock of your telephone set by the network?"))
        offer = form.data.get("offer", "")
        if not second_factor.key_of_offer(user, offer):
            offer = second_factor.new_offer(user)
        key = second_factor.key_of_offer(user, offer)
        return self.page(
            request,
            "second_factor_set_up",
            _("Set up the second factor"),
            form=form,
            next=target,
            offer=offer,
            typed_key=second_factor.typed_key(key),
            square=square_code(second_factor.address_for_app(user, key)),
            is_new=is_new,
            is_required=second_factor.is_required_of(user),
        )

    def set_up_done(self, request, target, device, codes):
        enter_with(request, device)
        request.session[second_factor.ASKED] = True
        sessions.end_all(request.user, but=request)
        record(Action.SECOND_FACTOR, request=request, thing=request.user)
        return self.page(request, "recovery_codes", _("Your recovery codes"), codes=codes, next=target)

    def recovery_codes(self, request):
        """Ten new codes, for the password; the old ones end."""
        if not second_factor.has_one(request.user):
            raise Http404
        form = PasswordForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and password_is_right(request, form, Action.RECOVERY_CODES):
            codes = second_factor.new_recovery_codes(request.user)
            record(Action.RECOVERY_CODES, request=request, thing=request.user)
            return self.page(request, "recovery_codes", _("Your recovery codes"), codes=codes, next=reverse("admin:account"))
        return self.page(request, "new_recovery_codes", _("New recovery codes"), form=form)

    # --- Coming in by invitation ---

    @method_decorator([never_cache, csrf_protect])
    def invitation(self, request, key):
        """For whoever holds the link. Looking at it changes nothing: mail scanners open links.

        No other site hears the address, for SECURE_REFERRER_POLICY; "no-referrer" would take the Origin from the form, too.
        """
        invited = invitations.find(key)
        if invited is None:
            return self.page(request, "invitation_over", _("This invitation is no longer valid"), status=404)
        if known := invitations.account_of(invited):
            return self.join_with_account(request, invited, known)
        form = JoinForm(request.POST or None, invited=invited, language=get_language())
        if request.method == "POST" and form.is_valid() and (user := self.join(request, form, invited)):
            return self.first_welcome(request, user, form.cleaned_data["language"])
        return self.page(request, "invitation", _("Welcome to the staff area"), invited=invited, form=form)

    def join_with_account(self, request, invited, known):
        is_own = request.user.is_authenticated and request.user.pk == known.pk
        if request.method == "POST" and is_own and invitations.accept(invited, known, request=request):
            messages.success(request, _("You now work for %(bureau)s, too.") % {"bureau": invited.bureau})
            return redirect("admin:index")
        return self.page(request, "invitation_known", _("You have an account already"), invited=invited, is_own=is_own)

    def join(self, request, form, invited):
        """The new person; None where the name or the invitation was taken in this very moment."""
        user = form.save(commit=False)
        try:
            with transaction.atomic():
                taken = invitations.accept(invited, user, request=request, language=form.cleaned_data["language"])
        except IntegrityError:
            taken = False
        if not taken:
            form.add_error(None, _("This did not work: somebody was quicker. Please try again."))
        return user if taken else None

    def first_welcome(self, request, user, language):
        """Signed in with the password just chosen; the second factor comes next."""
        if request.user.is_authenticated:
            sessions.close(request.session)
        login(request, user, backend=BACKEND)
        response = self.welcome(request, redirect("admin:index"))
        remember_language(response, language)
        return response


def choose_language(request):
    """Django's own switch, which is remembered for people who have signed in."""
    response = set_language(request)
    language = request.POST.get("language")
    if request.method == "POST" and request.user.is_authenticated and language in dict(settings.LANGUAGES):
        Preference.objects.update_or_create(user_id=request.user.pk, defaults={"language": language})
    return response


def remember_language(response, language):
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        path=settings.LANGUAGE_COOKIE_PATH,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def next_address(request) -> str:
    """Where the person was going, if that is on this site; else the front page."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return target if is_ours else reverse("admin:index")


def enter_with(request, device):
    """The session now stands on both factors, under a new key."""
    django_otp.login(request, device)
    request.session.cycle_key()
    sessions.follow_key(request)


def refuse_code(request, form, answer):
    """Says why the code was not taken; a code that was not even looked at counts as no failure."""
    if answer.wait_until:
        record(Action.SIGN_IN_CODE, request=request, result=Result.REFUSED, detail="too many wrong codes")
        form.add_error("code", _("Too many wrong codes. Wait until %(time)s and try again.") % {"time": clock(answer.wait_until)})
    else:
        lock_out.note_failure(request, Action.SIGN_IN_CODE)
        form.add_error("code", _("This code is not right, or it was used already. Wait for the next one."))


def clock(time) -> str:
    """Beijing time to the second; with the day where that is another one."""
    local = timezone.localtime(time)
    return local.strftime("%H:%M:%S" if local.date() == timezone.localdate() else "%Y-%m-%d %H:%M")


def password_is_right(request, form, action) -> bool:
    """Asked through the sign-in's own check, so that guessing is counted and paused as there."""
    if authenticate(request, username=request.user.get_username(), password=form.cleaned_data["password"]):
        return True
    lock_out.note_failure(request, action)
    form.add_error("password", _("The password is not right."))
    return False


def square_code(text: str) -> dict:
    """A QR code as one path of SVG, and the width of its square with the margin of four that readers need."""
    rows = segno.make(text, error="m", micro=False).matrix
    dark = "".join(f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return {"box": len(rows) + 8, "path": dark}


def without_traces(request, response):
    """What scripts kept in the browser goes with the person. Browsers take the order from secure addresses alone."""
    if request.is_secure():
        response.headers["Clear-Site-Data"] = '"storage"'
    return response
