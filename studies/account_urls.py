"""What is about one's own account, below /accounts/ beside signing in."""

from django.urls import path

from .views import account, second_factor


urlpatterns = [
    path("logout/", account.SignOut.as_view(), name="logout"),
    path("password/", account.ChangePassword.as_view(), name="change-password"),
    path("second-factor/", second_factor.second_factor_page, name="second-factor"),
]
