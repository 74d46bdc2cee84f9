"""One's own account: its password, and its end of work. Accounts are made by an admin, so the first password is known to somebody else."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LogoutView, PasswordChangeView
from django.db import transaction
from django.urls import reverse_lazy

from ..actions import accounts


class ChangePassword(PasswordChangeView):
    """Change one's own password. Other sessions of the account end, this one goes on."""

    template_name = "registration/change_password.html"
    success_url = reverse_lazy("overview")

    @transaction.atomic
    def form_valid(self, form):
        response = super().form_valid(form)
        accounts.note_new_password(by=self.request.user)
        messages.success(self.request, "Your password is changed. Everywhere else you are signed out.")
        return response

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=400)


class SignOut(LogoutView):
    """End the session. The browser is asked to forget what a tab kept and could not send: the next person to sit
    there may be the other appraiser."""

    # Django's view would put the host's name in its place.
    extra_context = {"site_name": settings.SITE_NAME}

    def post(self, request, *args, **kwargs):
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"storage"'
        return response
