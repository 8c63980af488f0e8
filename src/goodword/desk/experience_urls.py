"""The addresses of the pages about good and bad moments."""

from django.urls import path

from .views import experience

urlpatterns = [
    path("customers/<int:pk>/experience/", experience.customer_experience, name="customer_experience"),
    path("settings/experience/", experience.experience, name="experience"),
]
