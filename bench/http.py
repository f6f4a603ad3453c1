#!/usr/bin/env python3
"""A server with net/http, encoding/json and crypto/tls against gc's.

    bench/http.py [--runs N] [--seconds S] [json] [handshakes] [downloads]

bench/http/server is built by both compilers, the load (bench/http/client) by gc alone. The two servers are measured
alternately, each run with a server of its own; the ratios are medians over the ratios of neighbours. `json`: 100 connections
that ask for a JSON answer each as soon as they have got the last one: requests a second, the 99th percentile of a request's
time. `handshakes`: full TLS 1.3 handshakes. `downloads`: answers of 1 MB over TLS. `cpu` is the server's processor time for one
request, which other work on the machine disturbs least. $BURROW and $GO name the compilers.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOROOT = Path(os.environ.get("BURROW_GOROOT") or ROOT / ".deps/usr/lib/go-1.27")
BURROW = os.environ.get("BURROW") or str(ROOT / "burrow")
GO = os.environ.get("GO") or str(GOROOT / "bin/go")
COUNTS = {"handshakes": 400, "downloads": 400}


def measure(server, client, what, seconds):
    """By name, what one run of the load came to."""
    with subprocess.Popen([server], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        plain, secure = process.stdout.readline().split()
        args = ["json", plain, "100", str(seconds)] if what == "json" else [what, secure, str(COUNTS[what])]
        run = subprocess.run([client, *args], capture_output=True, text=True, timeout=seconds * 10 + 120)
        process.stdin.close()
        cpu = process.stdout.read()
        if run.returncode != 0 or process.wait() != 0:
            raise SystemExit(f"{server} {what}: {run.stderr[:2000]}")
    numbers = [int(n) for n in run.stdout.split()]
    out = {"rate": numbers[0] / numbers[1] * 1e9, "cpu": int(cpu) / numbers[0] / 1e3}
    if what == "json":
        out["p99"] = numbers[3] / 1e6
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("what", nargs="*", default=["json", "handshakes", "downloads"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        gc = dict(os.environ, CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="", GOROOT=str(GOROOT))
        ours, theirs, client = f"{folder}/burrow-server", f"{folder}/gc-server", f"{folder}/client"
        subprocess.run([BURROW, "build", "-o", ours, str(ROOT / "bench/http/server/main.go")], check=True)
        subprocess.run([GO, "build", "-o", theirs, str(ROOT / "bench/http/server/main.go")], check=True, env=gc)
        subprocess.run([GO, "build", "-o", client, str(ROOT / "bench/http/client/main.go")], check=True, env=gc)
        units = {"rate": "a second", "p99": "ms", "cpu": "us"}
        print(f"{'':24}{'burrow':>12}{'gc':>12}{'ratio':>9}")
        for what in options.what:
            pairs = [(measure(ours, client, what, options.seconds), measure(theirs, client, what, options.seconds))
                     for _ in range(options.runs)]
            for name in pairs[0][0]:
                a, b = (statistics.median(p[i][name] for p in pairs) for i in (0, 1))
                ratio = statistics.median(p[0][name] / p[1][name] for p in pairs)
                print(f"{what + ' ' + name + ', ' + units[name]:24}{a:12.1f}{b:12.1f}{ratio:9.3f}", flush=True)


if __name__ == "__main__":
    main()
