"""Pages for everybody, and signing in. One entry per address; letters are people (people.py)."""

from innovation_voucher.tests.sweeps import targets
from innovation_voucher.tests.sweeps.knocking import Address

PUBLIC: dict[str, Address] = {
    "home": Address(get="200 *", post="405 *"),
    "help": Address(get="200 *", post="405 *"),
    "accessibility": Address(get="200 *", post="405 *"),
    "privacy": Address(get="200 *", post="405 *"),
    "terms": Address(get="200 *", post="405 *"),
    "sitemap": Address(get="200 *", post="405 *"),
    "elder-mode": Address(get="405 *", post="302 *"),
    "set_language": Address(get="302 *", post="302 *"),
    "styleguide": Address(get="404 *", post="405 *"),
    "healthz": Address(get="200 *", post="405 *"),
    "readyz": Address(get="200 *", post="405 *"),
    "register": Address(get="200 *", post="405 *"),
    "register-form": Address(get="302 *", post="302 *"),
    "register-code": Address(get="302 *", post="302 *"),
    "register-help": Address(get="302 *", post="302 *"),
    "register-done": Address(get="302 A, 404 OPGSTUZX, 200 *", post="405 *"),
    "account_login": Address(get="200 A, 302 *", post="422 A, 302 *"),
    "login-sms": Address(get="200 *", post="422 *"),
    "login-demo": Address(get="405 *", post="404 *"),
    "account_reset_password": Address(get="200 *", post="422 *"),
    "start": Address(get="302 *", post="405 *"),
    "services": Address(get="200 *", post="405 *"),
    "instruments": Address(get="200 *", post="405 *"),
    "carriers": Address(get="200 *", post="405 *"),
    "map": Address(get="200 *", post="405 *"),
    "map-data": Address(get="200 *", post="405 *"),
    "map-card": Address(get="200 *", post="405 *", target=targets.CARRIER_PAGE),
    "verify-form": Address(get="200 *", post="405 *"),
    "service": Address(get="200 *", post="405 *", target=targets.SERVICE),
    "instrument": Address(get="200 *", post="405 *", target=targets.INSTRUMENT),
    "carrier-page": Address(get="200 *", post="405 *", target=targets.CARRIER_PAGE),
    "verify": Address(get="200 *", post="405 *", target=targets.voucher()),
}
