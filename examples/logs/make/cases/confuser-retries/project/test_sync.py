import traceback
import unittest


class TestSync(unittest.TestCase):
    def test_broken_peer_is_reported(self):
        try:
            raise ConnectionResetError("peer went away")
        except ConnectionResetError:
            traceback.print_exc()

    def test_empty_file_is_skipped(self):
        self.assertEqual(len(b""), 0)


unittest.main()
