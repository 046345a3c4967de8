"""Which address asks: X-Forwarded-For is believed as far as our own proxies wrote it."""

import ipaddress
from typing import Any

import pytest

from casetracker.accounts.addresses import client_address, network_of


@pytest.fixture
def proxies(settings: Any) -> None:
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("2001:db8::/32")]


def asked(remote: str, forwarded: str = "") -> str:
    return client_address({"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": forwarded})


def test_without_a_proxy_what_a_visitor_writes_is_not_believed() -> None:
    assert asked("192.0.2.1", "198.51.100.7") == "192.0.2.1"


@pytest.mark.usefixtures("proxies")
@pytest.mark.parametrize(
    ("remote", "forwarded", "meant"),
    [
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, nonsense, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "198.51.100.7:4711", "10.0.0.1"),
        ("10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("2001:db8::1", "2a00::1%eth0", "2a00::1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("", "198.51.100.7", ""),
        ("nonsense", "198.51.100.7", ""),
        ("10.0.0.1", "9" * 5000, "10.0.0.1"),
        ("10.0.0.1", "," * 5000, "10.0.0.1"),
    ],
)
def test_forwarded_address_is_read_from_its_end(remote: str, forwarded: str, meant: str) -> None:
    assert asked(remote, forwarded) == meant


def test_proxy_behind_a_socket_is_believed_when_it_is_named(settings: Any) -> None:
    assert asked("", "198.51.100.7") == ""
    settings.TRUSTS_SOCKET = True
    assert asked("", "198.51.100.7") == "198.51.100.7"


def test_household_of_ipv6_is_counted_as_one() -> None:
    assert network_of("2a00:1:2:3:4:5:6:7") == network_of("2a00:1:2:3::1") == "2a00:1:2:3::/64"
    assert network_of("198.51.100.7") == "198.51.100.7"
    assert network_of("") == network_of("nonsense") == ""
