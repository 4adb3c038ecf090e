"""Which network a request comes from."""

from __future__ import annotations

import ipaddress


def network_of(address: str) -> str:
    """The network as one household or office has it: /24 or /64; "unknown" for no address.

    `address` is REMOTE_ADDR, which the middleware has put right behind trusted proxies.
    """
    return within(address, ipv4_prefix=24)


def client_of(address: str) -> str:
    """Who reads: an IPv4 address, or the whole /64 in which one machine may take any of IPv6."""
    return within(address, ipv4_prefix=32)


def within(address: str, *, ipv4_prefix: int) -> str:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    prefix = ipv4_prefix if ip.version == 4 else 64
    return str(ipaddress.ip_network((ip, prefix), strict=False))
