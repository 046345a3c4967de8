"""From which address a request comes."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(meta: Mapping[str, Any]) -> str:
    """
    The address of who asks, out of the variables of a request (`request.META`); empty if there is none.

    What stands in X-Forwarded-For is believed as far as proxies of ours wrote it: read from its end, the first address
    that is not one of `settings.TRUSTED_PROXIES`. A visitor may write any address ahead of that.
    """
    found = _read(meta.get("REMOTE_ADDR", ""))
    # Behind a socket of this machine there is no address at all.
    is_proxy = settings.TRUSTS_SOCKET if found is None else _is_trusted(found)
    if is_proxy:
        for text in reversed(str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")):
            named = _read(text)
            if named is None:
                break
            found = named
            if not _is_trusted(named):
                break
    return str(found) if found is not None else ""


def network_of(address: str) -> str:
    """
    The address as it is counted by: one of IPv6 by its first 64 bits, for one household or server has all the rest.
    """
    found = _read(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found) if found is not None else ""


def _read(text: str) -> Address | None:
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return found.ipv4_mapped
        # A zone (`fe80::1%eth0`) names a card of one machine; no column of addresses holds it.
        return ipaddress.IPv6Address(int(found))
    return found


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)
