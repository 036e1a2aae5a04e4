"""What a password must be like: `default` follows today's advice, `mlps` the graded protection of the state (trust.md T18)."""

from django.core.exceptions import ImproperlyConfigured

DJANGO, OURS = "django.contrib.auth.password_validation", "bureaus.passwords"
COMMON = [
    {"NAME": f"{DJANGO}.UserAttributeSimilarityValidator"},
    {"NAME": f"{DJANGO}.CommonPasswordValidator"},
    {"NAME": f"{DJANGO}.NumericPasswordValidator"},
    {"NAME": f"{OURS}.WordsOfThisSiteValidator"},
]
VALIDATORS = {
    "default": [{"NAME": f"{DJANGO}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}}, *COMMON],
    "mlps": [
        {"NAME": f"{DJANGO}.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
        *COMMON,
        {"NAME": f"{OURS}.KindsOfSignsValidator", "OPTIONS": {"kinds": 3}},
        {"NAME": f"{OURS}.HistoryValidator", "OPTIONS": {"number": 5}},
    ],
}
# After so many days a password is changed at the next sign-in; 0: it lasts.
LIFE_DAYS = {"default": 0, "mlps": 90}
IDLE_MINUTES = {"default": 60, "mlps": 30}


def known(profile: str) -> str:
    if profile not in VALIDATORS:
        raise ImproperlyConfigured(f"PASSWORD_PROFILE is “{profile}”: it is one of {', '.join(VALIDATORS)}.")
    return profile
