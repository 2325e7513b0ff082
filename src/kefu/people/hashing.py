"""How passwords are stored: Argon2id, so that guessing costs memory as well as time."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """46 MiB, two passes, one lane: above the least that OWASP names for one lane (46 MiB once, 19 MiB twice).

    Django's own 100 MiB on eight lanes would let a handful of people who sign in at once take a gigabyte. A password that was
    stored in another way, or with less, is stored anew when its owner next signs in.
    Source: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
    """

    time_cost = 2
    memory_cost = 47_104  # KiB
    parallelism = 1
