"""Editors: the people who may sign in to the desk."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """An editor. Readers and subscribers have no account."""
