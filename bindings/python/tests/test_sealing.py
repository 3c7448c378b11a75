"""Messages, files and streams, sealed and opened."""

import json
import tempfile
from pathlib import Path

import xq

from emulator import TestCase

JOE = "joe@example.com"
LOCATOR = "RtESv0TwIjI3UbDMn3VRI5yjBzreuJccaZ0n0P_61-Z"
VECTORS = Path(__file__).parents[3] / "tests" / "vectors" / "sealed.json"


class Stopped(Exception):
    pass


class WithoutTheNetwork(TestCase):
    def test_what_other_programs_sealed_opens(self) -> None:
        vectors = json.loads(VECTORS.read_text())
        for row in vectors["messages"]:
            message = bytes.fromhex(row["sealed_hex"])
            self.assertEqual(xq.decrypt_message(row["key"], message), bytes.fromhex(row["text_hex"]))
        with tempfile.TemporaryDirectory() as folder:
            sealed, opened = Path(folder, "sealed"), Path(folder, "opened")
            for row in vectors["files"]:
                sealed.write_bytes(bytes.fromhex(row["sealed_hex"]))
                name = xq.decrypt_file(row["key"], sealed, opened, overwrite=True)
                self.assertEqual((name, opened.read_bytes()), (row["file_name"], bytes.fromhex(row["content_hex"])))

    def test_a_message_bare_and_framed(self) -> None:
        key = xq.generate_key()
        for data in (b"", b"\0zero\0", bytearray(b"text"), memoryview(b"text")[1:3]):
            self.assertEqual(xq.decrypt_message(key, xq.encrypt_message(key, data)), bytes(data))
            framed = xq.encrypt_message(key, data, LOCATOR)
            self.assertEqual(xq.sealed_locator(framed), LOCATOR)
            self.assertEqual(xq.decrypt_message(key, framed), bytes(data))
        with self.assertRaises(xq.CryptoError):
            xq.decrypt_message(xq.generate_key(), framed)
        with self.assertRaises(TypeError):
            xq.encrypt_message(key, "text")  # type: ignore[arg-type]
        pad = xq.generate_key(xq.Algorithm.OTP, 128)
        with self.assertRaises(xq.InvalidArgumentError):
            xq.encrypt_message(pad, bytes(17))
        xq.encrypt_message(pad, bytes(17), repeat_pad=True)

    def test_a_file(self) -> None:
        key = xq.generate_key()
        with tempfile.TemporaryDirectory() as folder:
            path, sealed, opened = (Path(folder, name) for name in ("größe.txt", "sealed", "opened"))
            path.write_bytes(bytes(range(256)) * 1000)
            told = []
            xq.encrypt_file(key, LOCATOR, path, sealed, progress=lambda *numbers: told.append(numbers))
            self.assertEqual((told[0], told[-1]), ((0, 256_000), (256_000, 256_000)))
            self.assertEqual(xq.decrypt_file(key, sealed, opened), "größe.txt")
            self.assertEqual(opened.read_bytes(), path.read_bytes())
            with self.assertRaises(xq.FileError):
                xq.decrypt_file(key, sealed, opened)

            def stop(done: int, total: int) -> None:
                raise Stopped(done)

            with self.assertRaises(Stopped):
                xq.encrypt_file(key, LOCATOR, path, Path(folder, "never"), progress=stop)
            self.assertEqual({file.name for file in Path(folder).iterdir()}, {"größe.txt", "sealed", "opened"})

    def test_streams(self) -> None:
        key, text = xq.generate_key(), bytes(range(256)) * 40
        with xq.Sealer(key, LOCATOR, name="a file") as sealer:
            sealed = b"".join(sealer.update(text[at : at + 999]) for at in range(0, len(text), 999)) + sealer.finish()
        opener, opened = xq.Opener(xq.Form.FILE), b""
        for at in range(0, len(sealed), 777):
            opened += opener.update(sealed[at : at + 777])
            if opener.wants_key:
                self.assertEqual(opener.locator, LOCATOR)
                opened += opener.set_key(key)
        opened += opener.finish()
        self.assertEqual((opened, opener.name), (text, "a file"))
        changed = xq.Opener(xq.Form.FILE, key)
        changed.update(sealed[:-1] + b"\0")
        with self.assertRaises(xq.CryptoError):
            changed.finish()


class TheWholeJob(TestCase):
    def test_a_message_for_somebody(self) -> None:
        jane, joe, eve = (self.emulator.signed_in(name) for name in ("jane@example.com", JOE, "eve@example.com"))
        sealed = jane.encrypt_auto(b"Meet me at noon.", [JOE], subject="noon", expires_hours=1)
        self.assertEqual(joe.decrypt_auto(sealed), b"Meet me at noon.")
        with self.assertRaises(xq.RejectedError):
            eve.decrypt_auto(sealed)
        key = joe.get_packet(xq.sealed_locator(sealed))
        self.assertEqual(eve.decrypt_auto(sealed, key=key), b"Meet me at noon.")
        self.assertEqual(jane.encrypt_auto(b"bare", key=key)[:8], b"Salted__")

    def test_a_file_for_somebody(self) -> None:
        jane, joe = (self.emulator.signed_in(name) for name in ("jane@example.com", JOE))
        with tempfile.TemporaryDirectory() as folder:
            path, sealed = Path(folder, "letter.txt"), Path(folder, "sealed")
            path.write_text("Dear Joe")
            jane.encrypt_file(path, sealed, [JOE])
            path.unlink()
            self.assertEqual(joe.decrypt_file(sealed, folder), str(path))
            self.assertEqual(path.read_text(), "Dear Joe")

    def test_keys(self) -> None:
        api = self.emulator.signed_in("jane@example.com")
        self.assertEqual(len(api.get_entropy(256)), 64)
        self.assertTrue(api.generate_key(xq.Algorithm.CTR, 128).startswith(".2"))
        for key, locator in api.generate_multiple_keys_and_store_packets(3, [JOE]):
            self.assertEqual(api.get_packet(locator), key)
        rows = [xq.PacketRow("", [JOE], title=f"row {number}") for number in range(3)]
        for key, locator in api.generate_multiple_keys_and_store_packets_database(rows):
            self.assertEqual(api.get_packet(locator), key)
