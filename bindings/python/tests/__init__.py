"""The tests of xq.py, against the emulator: ./test.sh runs them."""
