"""An account that can sign in: staff by password and second factor, customers by a code to their mailbox."""

from typing import Any, ClassVar

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.timezone import now


def new_stamp() -> str:
    return get_random_string(22)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, is_staff=True, **extra)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=12, blank=True)
    time_zone = models.CharField(max_length=40, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=now)
    # What sessions hang on: another password makes another one. Django takes the stored hash itself, and would sign people
    # out in mid-work when a password that stays the same is only stored anew in a better way.
    stamp = models.CharField(max_length=22, default=new_stamp, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.stamp = new_stamp()

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password; one that was stored in an older way is stored anew."""

        def store_anew(password: str | None) -> None:
            self.password = make_password(password)
            self.save(update_fields=["password"])

        return check_password(raw_password, self.password, store_anew)

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        return salted_hmac("kefu.people.user", self.stamp, secret=secret, algorithm="sha256").hexdigest()
