#!/bin/sh
# Makes target/dist/libxq-VERSION.tar.xz of the last commit, as `make dist` asks: the repository, all crates that it is built
# and tested with (vendor/), and the licence texts of what is linked in. It builds with the network off. The same commit gives
# the same bytes, by the same versions of cargo, tar and xz.
#
# Needs git, GNU tar, xz and Python 3.11; cargo fetches the crates that are not here yet.
set -eu
cd "$(dirname "$0")/.."
cargo=${CARGO:-cargo}
git rev-parse --git-dir >/dev/null 2>&1 || { echo "dist.sh: this is no git repository: expected one, for its last commit" >&2 && exit 2; }
[ -z "$(git status --porcelain)" ] || echo "dist.sh: what is not committed is left out" >&2
seconds=$(git log -1 --format=%ct)
version=$(git show HEAD:Cargo.toml | sed -n 's/^version = "\(.*\)"/\1/p' | head -n 1)
name=libxq-$version
work=$(mkdir -p "${CARGO_TARGET_DIR:-target}/dist" && cd "${CARGO_TARGET_DIR:-target}/dist" && pwd)
rm -rf "${work:?}"/libxq-*
git archive --prefix="$name/" --output="$work/$name.tar" HEAD
tar -xf "$work/$name.tar" -C "$work"

cd "$work/$name"
mkdir -p .cargo
# shellcheck disable=SC2086 # it may be `cargo +nightly`
$cargo vendor --quiet --locked --versioned-dirs vendor >cargo.log || { cat cargo.log && exit 1; }
rm cargo.log
cat >.cargo/config.toml <<'T'
# All crates are in vendor/: nothing is fetched.
[source.crates-io]
replace-with = "vendor"

[source.vendor]
directory = "vendor"

[net]
offline = true
T
packaging/third_party.py --licences >THIRD-PARTY-LICENSES.txt

cd ..
tar --create --format=gnu --sort=name --mtime="@$seconds" --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
    --file="$name.tar" "$name"
# Blocks of one size, so that the bytes do not depend on how many processors there are. More effort than 2 saves a sixth, and
# takes four times as long.
xz -2 --force --threads=2 --block-size=50MiB "$name.tar"
rm -rf "${work:?}/$name"
echo "$work/$name.tar.xz, $(wc -c <"$name.tar.xz") bytes"
