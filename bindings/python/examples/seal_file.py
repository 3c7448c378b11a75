"""Signs a person in, seals a file for others, and opens it as they do: seal_file.py ADDRESS FILE RECIPIENT..."""

import sys
import tempfile
from pathlib import Path

import xq


def tell(done: int, total: int) -> None:
    print(f"\r{done} of {total} bytes", end="\n" if done == total else "", file=sys.stderr)


address, name, *recipients = sys.argv[1:]
path = Path(name)
sealed = path.with_name(path.name + ".xq")
try:
    with xq.API.from_environment() as api, tempfile.TemporaryDirectory() as folder:
        api.authorize_user(address)
        api.code_validate(input(f"The PIN that was mailed to {address}: "))
        api.exchange_key(timeout=10)
        api.encrypt_file(path, sealed, [address, *recipients], progress=tell)
        print(sealed, "is for", ", ".join(recipients))
        opened = Path(api.decrypt_file(sealed, folder, progress=tell))
        print("It opens to the same:", opened.read_bytes() == path.read_bytes())
except xq.FileError as error:
    sys.exit(str(error))
except xq.Error as error:
    again = " Try it again later." if error.can_retry else ""
    sys.exit(f"{xq.status_name(error.status)}: {error}{again}")
