"""Files that people hand in: told by their content, opened, cleaned, or refused with a sentence.

What is kept is what `inspect` answers in `content`, never the bytes that came in: pictures are
drawn anew, active parts of PDFs are gone, archives are packed anew from inspected members.
"""

from innovation_voucher.lib.uploads.inspection import Inspected, Rule, inspect
from innovation_voucher.lib.uploads.refusal import Refused

__all__ = ["Inspected", "Refused", "Rule", "inspect"]
