"""Which network a request comes from."""

from __future__ import annotations

import ipaddress


def network_of(address: str) -> str:
    """The network as one household or office has it: /24 or /64; "unknown" for no address.

    `address` is REMOTE_ADDR, which the middleware has put right behind trusted proxies.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    prefix = 24 if ip.version == 4 else 64
    return str(ipaddress.ip_network((ip, prefix), strict=False))
