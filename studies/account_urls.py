"""What is about one's own account, below /accounts/ beside signing in and out."""

from django.urls import path

from .views import second_factor


urlpatterns = [path("second-factor/", second_factor.second_factor_page, name="second-factor")]
