"""Admin of programmes: their rules by versions and overrides, budgets, and accounts to look at.

The ledger is not here: nobody edits it, and the enterprise's page explains every figure.
"""

from . import external, money, programmes, versions
from .forms import grouped_parameters

__all__ = ["external", "grouped_parameters", "money", "programmes", "versions"]
