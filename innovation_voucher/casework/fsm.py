"""State machines: the one mixin that every model with a protected state inherits."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django_fsm import ConcurrentTransitionMixin


class Stateful(ConcurrentTransitionMixin, models.Model):
    """A model whose FSMField is protected and whose saves lose no concurrent transition.

    django-fsm-2 refreshes a protected field by switching protection off on the field object that
    all threads share; here the state leaves and enters the instance alone.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a state that was deferred is read first, since a save compares it with the row."""
        for field in self.state_fields:
            getattr(self, field.attname)
        super().save(*args, **kwargs)

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """Reload from the database; states are taken over without touching their protection."""
        deferred = self.get_deferred_fields()
        names = (
            list(fields)
            if fields is not None
            else [f.attname for f in self._meta.concrete_fields if f.attname not in deferred]
        )
        states = {f.attname for f in self.state_fields} & set(names) & set(self.__dict__)
        saved = {name: self.__dict__.pop(name) for name in states}
        try:
            models.Model.refresh_from_db(self, using=using, fields=names, from_queryset=from_queryset)
        except BaseException:
            self.__dict__.update(saved)
            raise
        self._update_initial_state()

    def _update_initial_state(self) -> None:
        """Remember the states that a save will compare; to read a deferred one here would cost a query per row."""
        if all(field.attname in self.__dict__ for field in self.state_fields):
            super()._update_initial_state()
