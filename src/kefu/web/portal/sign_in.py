"""/sign-in/: customers sign in by six digits that are sent to their mailbox; the first time makes the account."""

from django import forms
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kefu.people.models import SignIn, User
from kefu.people.sign_in import account_for
from kefu.people.sign_ins import note
from kefu.web.mailbox_code import proves, send_code, used
from kefu.web.visitor import VisitorRequest, for_visitors, uploader_of

BACKEND = "django.contrib.auth.backends.ModelBackend"


class MailboxForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True})
    )


class CodeForm(MailboxForm):
    code = forms.CharField(
        label=gettext_lazy("The six digits from the mail"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )

    def __init__(self, *args: object, **values: object) -> None:
        super().__init__(*args, **values)  # type: ignore[arg-type]
        self.fields["email"].widget = forms.HiddenInput()


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@for_visitors
def sign_in(request: VisitorRequest) -> HttpResponse:
    """First the address, then the code; a wrong code says so and keeps the address."""
    onward = _onward(request)
    if request.user.is_authenticated:
        return redirect(onward)
    if request.method == "GET":
        return _page(request, MailboxForm(), onward)
    if "code" in request.POST:
        return _with_code(request, onward)
    form = MailboxForm(request.POST)
    if not form.is_valid():
        return _page(request, form, onward, status=422)
    problem = send_code(form.cleaned_data["email"], who=uploader_of(request.visitor))
    if problem:
        form.add_error("email", problem)
        return _page(request, form, onward, status=429)
    return _page(request, CodeForm(initial={"email": form.cleaned_data["email"]}), onward, sent_to=form.cleaned_data["email"])


def _with_code(request: VisitorRequest, onward: str) -> HttpResponse:
    form = CodeForm(request.POST)
    who = uploader_of(request.visitor)
    if not form.is_valid():
        return _page(request, form, onward, sent_to=request.POST.get("email", "")[:254], status=422)
    address = form.cleaned_data["email"].lower()
    if not proves(address, form.cleaned_data["code"], who=who):
        note(SignIn.Kind.FAILED, request, User.objects.filter(email__iexact=address).first(), how="code")
        form.add_error("code", _("This code is wrong or has expired. Look at the newest mail, or have a new one sent."))
        return _page(request, form, onward, sent_to=address, status=422)
    used(address, who=who)
    user = account_for(address)
    if user is None:
        form.add_error("code", _("This address belongs to a member of staff: sign in with password and second factor."))
        return _page(request, form, onward, sent_to=address, status=403)
    login(request, user, backend=BACKEND)
    return redirect(onward)


def _page(request: HttpRequest, form: forms.Form, onward: str, *, sent_to: str = "", status: int = 200) -> HttpResponse:
    return render(request, "portal/sign_in.html", {"form": form, "next": onward, "sent_to": sent_to}, status=status)


def _onward(request: HttpRequest) -> str:
    """Where the reader wanted to go; never another site."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    here = {request.get_host()}
    if wanted and url_has_allowed_host_and_scheme(wanted, here, require_https=request.is_secure()):
        return wanted
    return reverse("after-sign-in")
