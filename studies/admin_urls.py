"""Pages below /admin/ that are the site's own: the admin's leave no audit event, and in the browser what a tab kept."""

from django.urls import path

from .views import account


urlpatterns = [
    path("password_change/", account.ChangePassword.as_view()),
    path("logout/", account.SignOut.as_view()),
]
