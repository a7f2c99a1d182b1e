# What we use of django-fsm-2 4.2. Its own types derive the mixins from Model, which makes every
# model of ours an Any for mypy with the Django plugin.
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import Any

from django.db import models
from typing_extensions import TypeVar

_F = TypeVar("_F", bound=Callable[..., Any])
_ST = TypeVar("_ST", default=str)
_GT = TypeVar("_GT", default=str)
_State = str | Enum

class TransitionNotAllowed(Exception):
    object: Any
    method: Any

class ConcurrentTransition(Exception): ...

class Transition:
    method: Callable[..., Any]
    source: str
    target: Any
    name: str
    custom: dict[str, Any]

class FSMFieldMixin:
    protected: bool
    name: str
    attname: str
    def get_all_transitions(self, instance_cls: type[models.Model]) -> Iterable[Transition]: ...

class FSMField(FSMFieldMixin, models.CharField[_ST, _GT]):
    def __init__(self, *args: Any, protected: bool = ..., **kwargs: Any) -> None: ...

class FSMModelMixin: ...

class ConcurrentTransitionMixin(FSMModelMixin):
    @property
    def state_fields(self) -> Iterable[FSMFieldMixin]: ...
    def _update_initial_state(self) -> None: ...

def transition(
    field: Any,
    source: _State | Sequence[_State] = ...,
    target: Any = ...,
    on_error: _State | None = ...,
    conditions: Sequence[Callable[[Any], bool]] = ...,
    permission: Any = ...,
    custom: dict[str, Any] | None = ...,
) -> Callable[[_F], _F]: ...
def can_proceed(bound_method: Callable[..., Any], check_conditions: bool = ...) -> bool: ...

RETURN_VALUE: Any
GET_STATE: Any
