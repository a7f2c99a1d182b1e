"""Whether a password will do: Django's validators, and the length and kinds of the region's rules."""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from .models import RegistrationRules, User
from .rules import password_problems


def check_password_rules(password: str, *, rules: RegistrationRules, user: User) -> None:
    """Raise ValidationError with every sentence that says what is wrong.

    The length comes from the region's rules alone, so Django's own minimum is left out.
    """
    found = password_problems(rules, password)
    for validator in password_validation.get_default_password_validators():
        if isinstance(validator, password_validation.MinimumLengthValidator):
            continue
        try:
            validator.validate(password, user)
        except ValidationError as error:
            found.extend(message.rstrip("。") for message in error.messages)
    if found:
        raise ValidationError(found)
