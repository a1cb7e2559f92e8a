"""Who may send: a token where there is one; without one only programs on this machine, and no web page."""

import hmac
import ipaddress
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from app.receiver.body import Refused
from app.session import UserMistake

TOKEN = "TOLLBOOK_COLLECT_TOKEN"  # noqa: S105 - the variable's name
SHORTEST = 16
HOW = "as the header Authorization: Bearer TOKEN"


def read_token(file: Path | None) -> str | None:
    """The token: from the file, else from the environment, else none; raises UserMistake where it is no good."""
    if file is None:
        token, place = os.environ.get(TOKEN, "").strip(), f"${TOKEN}"
        if not token:
            return None
    else:
        token, place = _of_file(file), str(file)
    if len(token) < SHORTEST or not token.isascii() or not token.isprintable() or " " in token:
        raise UserMistake(f"{place}: a token is one word of at least {SHORTEST} letters, as from openssl rand -hex 32")
    return token


def _of_file(file: Path) -> str:
    try:
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise UserMistake(f"{file}: others may read it; chmod 600 {file}")
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UserMistake(f"{file}: {getattr(error, 'strerror', None) or 'it is no text'}") from error


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine alone."""
    name = host.strip("[]")
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def check_sender(headers: Mapping[str, str], token: str | None) -> None:
    """Raises Refused for a request without the token; where there is none, for one that a web page may have sent."""
    if token is not None:
        given = headers.get("authorization", "")
        scheme, _, word = given.partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(word.strip().encode(), token.encode()):
            raise Refused(401, f"the token is missing or wrong; send it {HOW}")
        return
    if "origin" in headers or "sec-fetch-site" in headers:
        raise Refused(403, "a web page may not send without a token")
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    if not is_loopback(host):
        raise Refused(403, "without a token the receiver answers to 127.0.0.1 and localhost alone")
